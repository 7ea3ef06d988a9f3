package io.textloom.spark.quarantine;

/** Executors died, and no row can be named that did it. What was finished stays finished. */
public final class LostExecutorsException extends RuntimeException {
    LostExecutorsException(String message, Throwable cause) {
        super(message, cause);
    }
}
