package io.textloom.model;

import io.textloom.tensor.DataType;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a stored tensor lies.
 *
 * @param shape row-major, outermost first; empty for a scalar
 * @param file the local file that holds the data
 * @param offset unit: bytes from the start of the file
 * @param length unit: bytes
 */
public record TensorInfo(String name, DataType type, List<Long> shape, Path file, long offset, long length) {
    public TensorInfo {
        shape = List.copyOf(shape);
        long expected = type.bytes();
        for (long d : shape) {
            if (d < 0) {
                throw new ModelException("Tensor " + name + " has a negative dimension in " + shape);
            }
            expected = d != 0 && expected > Long.MAX_VALUE / d ? Long.MAX_VALUE : expected * d;
        }
        if (expected != length) {
            throw new ModelException("Tensor " + name + " of type " + type + " and shape " + shape + " needs "
                    + expected + " bytes but its file gives it " + length + "; the file is damaged, download it again");
        }
    }

    public long elements() {
        return length / type.bytes();
    }

    /** @throws ModelException unless the shape is exactly {@code expected} */
    public TensorInfo requireShape(long... expected) {
        boolean same = expected.length == shape.size();
        for (int i = 0; same && i < expected.length; i++) {
            same = expected[i] == shape.get(i);
        }
        if (!same) {
            throw new ModelException("Tensor " + name + " has shape " + shape + " but config.json asks for "
                    + java.util.Arrays.toString(expected) + "; config.json and the weights belong to different models");
        }
        return this;
    }
}
