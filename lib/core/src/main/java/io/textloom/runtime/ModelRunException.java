package io.textloom.runtime;

/** The native runtime failed on a batch. */
public final class ModelRunException extends RuntimeException {
    public ModelRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
