package io.textloom.model;

/** A model folder that cannot be read or used: what was found, what was expected, what to do. */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
