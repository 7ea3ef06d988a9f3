package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** One output float[slots, vocabulary] that a call writes for all slots, or for one slot alone in that slot's row. */
final class RowOutputs implements AutoCloseable {
    private final int slots;
    private final int vocabulary;
    private final FloatBuffer values;
    /** Entry {@code slot} is that row alone, entry {@code slots} all rows. */
    private final List<OnnxTensor> tensors = new ArrayList<>();

    RowOutputs(int slots, int vocabulary) throws OrtException {
        this.slots = slots;
        this.vocabulary = vocabulary;
        values = ByteBuffer.allocateDirect(Math.multiplyExact(4, Math.multiplyExact(slots, vocabulary)))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        try {
            for (int slot = 0; slot < slots; slot++) {
                tensors.add(OnnxTensor.createTensor(
                        OrtRuntime.environment(), values.slice(slot * vocabulary, vocabulary), new long[] {1, vocabulary
                        }));
            }
            tensors.add(OnnxTensor.createTensor(OrtRuntime.environment(), values, new long[] {slots, vocabulary}));
        } catch (OrtException e) {
            close();
            throw e;
        }
    }

    OnnxTensor row(int slot) {
        return tensors.get(slot);
    }

    OnnxTensor allRows() {
        return tensors.get(slots);
    }

    void read(int slot, float[] out) {
        values.get(slot * vocabulary, out, 0, vocabulary);
    }

    float get(int slot, int token) {
        return values.get(slot * vocabulary + token);
    }

    /** The first of the largest of a row. */
    int argmax(int slot) {
        int best = 0;
        float most = Float.NEGATIVE_INFINITY;
        int start = slot * vocabulary;
        for (int i = 0; i < vocabulary; i++) {
            float value = values.get(start + i);
            if (value > most) {
                most = value;
                best = i;
            }
        }
        return best;
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
