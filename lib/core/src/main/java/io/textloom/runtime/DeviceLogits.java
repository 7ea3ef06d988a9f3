package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.textloom.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Logits that stay on the device until one is read: greedy decoding never needs them. One read of a step fetches those of all its rows. */
final class DeviceLogits implements Logits {
    private final DeviceMemory.Buffer buffer;
    private final TensorCopies copies;
    private final int slots;
    private final int vocabulary;
    /** Entry {@code slot} is that row alone, entry {@code slots} all rows. */
    private final List<OnnxTensor> tensors = new ArrayList<>();

    private final FloatBuffer fetched;
    private final IntBuffer words;
    /** Rows written since they were fetched. */
    private final boolean[] stale;

    private int staleRows;

    /** @param buffer for float[slots, vocabulary]; closed with this, and if this throws */
    DeviceLogits(DeviceMemory.Buffer buffer, TensorCopies copies, int slots, int vocabulary) throws OrtException {
        this.buffer = buffer;
        this.copies = copies;
        this.slots = slots;
        this.vocabulary = vocabulary;
        this.stale = new boolean[slots];
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(4, Math.multiplyExact(slots, vocabulary)))
                    .order(ByteOrder.nativeOrder());
            fetched = bytes.asFloatBuffer();
            words = bytes.asIntBuffer();
            for (int slot = 0; slot < slots; slot++) {
                tensors.add(buffer.tensor(start(slot), DataType.FLOAT32, 1, vocabulary));
            }
            tensors.add(buffer.tensor(0, DataType.FLOAT32, slots, vocabulary));
        } catch (OrtException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private long start(int slot) {
        return (long) DataType.FLOAT32.bytes() * slot * vocabulary;
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
    public void written(int slot) {
        if (!stale[slot]) {
            stale[slot] = true;
            staleRows++;
        }
    }

    @Override
    public void allWritten() {
        Arrays.fill(stale, true);
        staleRows = slots;
    }

    @Override
    public void read(int slot, float[] out) {
        fetch(slot);
        fetched.get(slot * vocabulary, out, 0, vocabulary);
    }

    @Override
    public float get(int slot, int token) {
        fetch(slot);
        return fetched.get(slot * vocabulary + token);
    }

    private void fetch(int slot) {
        if (!stale[slot]) {
            return;
        }
        if (staleRows == 1) {
            fetch(slot, 1);
        } else {
            fetch(0, slots);
        }
        Arrays.fill(stale, false);
        staleRows = 0;
    }

    private void fetch(int first, int rows) {
        int count = rows * vocabulary;
        try (OnnxTensor from = buffer.tensor(start(first), DataType.INT32, count);
                OnnxTensor to = DeviceKv.words(words.slice(first * vocabulary, count))) {
            copies.move(from, to);
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime cannot read logits of the device: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
        buffer.close();
    }
}
