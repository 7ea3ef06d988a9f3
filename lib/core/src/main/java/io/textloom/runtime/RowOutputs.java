package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Logits that calls write where they are read. */
final class RowOutputs implements Logits {
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

    @Override
    public OnnxTensor row(int slot) {
        return tensors.get(slot);
    }

    @Override
    public OnnxTensor allRows() {
        return tensors.get(slots);
    }

    @Override
    public void written(int slot) {}

    @Override
    public void allWritten() {}

    @Override
    public void read(int slot, float[] out) {
        values.get(slot * vocabulary, out, 0, vocabulary);
    }

    @Override
    public float get(int slot, int token) {
        return values.get(slot * vocabulary + token);
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
