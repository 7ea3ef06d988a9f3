package io.textloom.spark.intake;

/** An input that cannot be read: what was looked for, what was found, what to do. */
public final class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
