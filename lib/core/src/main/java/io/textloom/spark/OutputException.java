package io.textloom.spark;

/** An output that is in the way: it exists already, or was made with other settings. */
public final class OutputException extends RuntimeException {
    public OutputException(String message) {
        super(message);
    }

    public OutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
