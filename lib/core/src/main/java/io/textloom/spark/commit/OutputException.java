package io.textloom.spark.commit;

/** An output directory that the run must not touch as asked. */
public final class OutputException extends RuntimeException {
    public OutputException(String message) {
        super(message);
    }
}
