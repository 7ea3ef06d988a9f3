package io.textloom.tensor;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element types of stored tensors.
 *
 * <p>Source: safetensors format (dtype names) and ONNX {@code TensorProto.DataType} (numbers).
 */
public enum DataType {
    FLOAT64("F64", 8, 11),
    FLOAT32("F32", 4, 1),
    FLOAT16("F16", 2, 10),
    BFLOAT16("BF16", 2, 16),
    INT64("I64", 8, 7),
    INT32("I32", 4, 6),
    INT16("I16", 2, 5),
    INT8("I8", 1, 3),
    UINT8("U8", 1, 2),
    BOOL("BOOL", 1, 9);

    private final String safetensorsName;
    private final int bytes;
    private final int onnxCode;

    DataType(String safetensorsName, int bytes, int onnxCode) {
        this.safetensorsName = safetensorsName;
        this.bytes = bytes;
        this.onnxCode = onnxCode;
    }

    public static Optional<DataType> bySafetensorsName(String name) {
        return Arrays.stream(values())
                .filter(t -> t.safetensorsName.equals(name))
                .findFirst();
    }

    public static Optional<DataType> byOnnxCode(int code) {
        return Arrays.stream(values()).filter(t -> t.onnxCode == code).findFirst();
    }

    public String safetensorsName() {
        return safetensorsName;
    }

    /** Size of one element; unit: bytes. */
    public int bytes() {
        return bytes;
    }

    public int onnxCode() {
        return onnxCode;
    }

    /** Whether the type stores real numbers that {@link HalfFloats} or a plain view can widen to float32. */
    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
    }
}
