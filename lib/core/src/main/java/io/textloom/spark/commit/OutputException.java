package io.textloom.spark.commit;

/** An output directory that the run cannot write, or must not touch as asked. */
public final class OutputException extends RuntimeException {
    public OutputException(String message) {
        super(message);
    }

    public OutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
