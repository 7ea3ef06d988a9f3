package io.textloom.config;

/** A setting that is unknown, missing or of the wrong type: what was found, where, and what was expected. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
