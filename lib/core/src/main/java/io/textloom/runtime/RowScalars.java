package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** One output float[slots] that a call writes for all slots, or for one slot alone. */
final class RowScalars implements AutoCloseable {
    private final FloatBuffer values;
    /** Entry {@code slot} is that row alone, entry {@code slots} all rows. */
    private final List<OnnxTensor> tensors = new ArrayList<>();

    RowScalars(int slots) throws OrtException {
        values = ByteBuffer.allocateDirect(Math.multiplyExact(4, slots))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        try {
            for (int slot = 0; slot < slots; slot++) {
                tensors.add(OnnxTensor.createTensor(OrtRuntime.environment(), values.slice(slot, 1), new long[] {1}));
            }
            tensors.add(OnnxTensor.createTensor(OrtRuntime.environment(), values, new long[] {slots}));
        } catch (OrtException e) {
            close();
            throw e;
        }
    }

    OnnxTensor row(int slot) {
        return tensors.get(slot);
    }

    OnnxTensor allRows() {
        return tensors.get(tensors.size() - 1);
    }

    float get(int slot) {
        return values.get(slot);
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
