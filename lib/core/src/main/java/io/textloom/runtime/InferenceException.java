package io.textloom.runtime;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;

/** A native call that failed. */
public sealed class InferenceException extends RuntimeException permits OutOfDeviceMemory {
    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** How a row is rejected that fails so alone. */
    public RejectCode rejectCode() {
        return RejectCode.MODEL_FAILED;
    }

    /**
     * How a row is rejected that a session failed on alone.
     *
     * @param failure what the session threw
     */
    public static Rejection rejection(RuntimeException failure) {
        RejectCode code =
                failure instanceof InferenceException inference ? inference.rejectCode() : RejectCode.MODEL_FAILED;
        return new Rejection(code, "The model failed on this row: " + failure.getMessage());
    }
}
