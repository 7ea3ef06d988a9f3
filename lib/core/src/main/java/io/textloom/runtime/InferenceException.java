package io.textloom.runtime;

import io.textloom.text.RejectCode;

/** A native call that failed. */
public sealed class InferenceException extends RuntimeException permits OutOfDeviceMemory {
    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** How a row is rejected that fails so alone. */
    public RejectCode rejectCode() {
        return RejectCode.MODEL_FAILED;
    }
}
