package io.textloom.runtime;

/** A native call that failed. */
public sealed class InferenceException extends RuntimeException permits OutOfDeviceMemory {
    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
