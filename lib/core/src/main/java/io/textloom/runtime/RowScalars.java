package io.textloom.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** One output [slots] that a call writes for all slots, or for one slot alone. */
final class RowScalars implements AutoCloseable {
    private final int size;
    private final ByteBuffer values;
    /** Entry {@code slot} is that row alone, entry {@code slots} all rows. */
    private final List<OnnxTensor> tensors = new ArrayList<>();

    /** @param type of the values, float32 or int64 */
    RowScalars(int slots, OnnxJavaType type) throws OrtException {
        size = type.size;
        values = ByteBuffer.allocateDirect(Math.multiplyExact(size, slots)).order(ByteOrder.nativeOrder());
        try {
            for (int slot = 0; slot < slots; slot++) {
                tensors.add(tensor(values.slice(slot * size, size), 1, type));
            }
            tensors.add(tensor(values, slots, type));
        } catch (OrtException e) {
            close();
            throw e;
        }
    }

    private static OnnxTensor tensor(ByteBuffer buffer, int rows, OnnxJavaType type) throws OrtException {
        return OnnxTensor.createTensor(
                OrtRuntime.environment(), buffer.order(ByteOrder.nativeOrder()), new long[] {rows}, type);
    }

    OnnxTensor row(int slot) {
        return tensors.get(slot);
    }

    OnnxTensor allRows() {
        return tensors.get(tensors.size() - 1);
    }

    float getFloat(int slot) {
        return values.getFloat(slot * size);
    }

    long getLong(int slot) {
        return values.getLong(slot * size);
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
