package io.textloom.runtime;

import ai.onnxruntime.OrtException;
import io.textloom.text.RejectCode;
import java.util.List;
import java.util.Locale;

/**
 * A call that needed more memory than the device has left, no other call of its session running. A smaller batch may fit.
 */
public final class OutOfDeviceMemory extends InferenceException {
    /**
     * In lower case: ONNX Runtime's arena, its limit, CUDA, its libraries, and C++ on the CPU. ONNX Runtime has no code of its own for them.
     */
    private static final List<String> SIGNS = List.of(
            "failed to allocate memory",
            "is smaller than requested bytes",
            "out of memory",
            "cublas_status_alloc_failed",
            "cudnn_status_alloc_failed",
            "bad_alloc",
            "bad allocation");

    public OutOfDeviceMemory(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public RejectCode rejectCode() {
        return RejectCode.OUT_OF_MEMORY;
    }

    /** Whether memory was what ONNX Runtime lacked. */
    static boolean caused(OrtException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(message::contains);
    }

    static OutOfDeviceMemory of(Device device, OrtException e) {
        return new OutOfDeviceMemory(device + " has not enough memory: " + e.getMessage(), e);
    }
}
