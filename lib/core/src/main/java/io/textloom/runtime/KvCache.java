package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of all layers for a fixed number of rows: per layer two buffers float[slots, heads, capacity, headSize], row-major.
 *
 * <p>A slot's part of each buffer is contiguous, so a single row is also a tensor of its own over the same memory: prefill writes there and
 * decode reads it without a copy.
 */
final class KvCache implements AutoCloseable {
    private final DecoderShape shape;
    private final int slots;
    private final int capacity;
    /** Layer by layer, keys then values. */
    private final List<FloatBuffer> buffers = new ArrayList<>();

    private final List<OnnxTensor> tensors = new ArrayList<>();
    /** Entry {@code slot} binds that row alone, entry {@code slots} all rows. */
    private final List<Binding> bindings = new ArrayList<>();

    /** The past and present tensors of a call, by the names of the graph. */
    record Binding(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    KvCache(DecoderShape shape, int slots, int capacity) {
        this.shape = shape;
        this.slots = slots;
        this.capacity = capacity;
        long floats = (long) slots * rowFloats();
        if (4 * floats > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A KV cache of " + slots + " slots and " + capacity + " tokens needs "
                    + 4 * floats + " bytes a layer; set generate.slots below "
                    + Math.max(2, Integer.MAX_VALUE / (4 * rowFloats())));
        }
        try {
            for (int i = 0; i < 2 * shape.layers(); i++) {
                buffers.add(ByteBuffer.allocateDirect((int) (4 * floats))
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer());
            }
            for (int slot = 0; slot < slots; slot++) {
                bindings.add(bind(slot, 1));
            }
            bindings.add(bind(0, slots));
        } catch (OrtException e) {
            close();
            throw new InferenceException("ONNX Runtime cannot make the KV cache: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            close();
            throw new IllegalStateException(
                    "No memory for a KV cache of " + 8 * shape.layers() * floats + " bytes (" + slots + " slots, "
                            + capacity + " tokens each); lower generate.slots or raise -XX:MaxDirectMemorySize",
                    e);
        }
    }

    int capacity() {
        return capacity;
    }

    Binding row(int slot) {
        return bindings.get(slot);
    }

    Binding allRows() {
        return bindings.get(slots);
    }

    /** Copies the first {@code lengths[slot]} tokens of each row from a cache of another capacity. */
    void copyFrom(KvCache other, int[] lengths) {
        int head = shape.headSize();
        for (int b = 0; b < buffers.size(); b++) {
            FloatBuffer from = other.buffers.get(b);
            FloatBuffer to = buffers.get(b);
            for (int slot = 0; slot < slots; slot++) {
                for (int h = 0; h < shape.kvHeads(); h++) {
                    int row = slot * shape.kvHeads() + h;
                    to.put(row * capacity * head, from, row * other.capacity * head, lengths[slot] * head);
                }
            }
        }
    }

    private Binding bind(int firstSlot, int rows) throws OrtException {
        long[] dimensions = {rows, shape.kvHeads(), capacity, shape.headSize()};
        int row = (int) rowFloats();
        Map<String, OnnxTensor> past = new HashMap<>();
        Map<String, OnnxTensor> present = new HashMap<>();
        for (int b = 0; b < buffers.size(); b++) {
            FloatBuffer view = buffers.get(b).slice(firstSlot * row, rows * row);
            OnnxTensor tensor = OnnxTensor.createTensor(OrtRuntime.environment(), view, dimensions);
            tensors.add(tensor);
            int layer = b / 2;
            boolean key = b % 2 == 0;
            past.put(key ? DecoderGraph.pastKey(layer) : DecoderGraph.pastValue(layer), tensor);
            present.put(key ? DecoderGraph.presentKey(layer) : DecoderGraph.presentValue(layer), tensor);
        }
        return new Binding(past, present);
    }

    /** Size of one row in one buffer; unit: floats. */
    private long rowFloats() {
        return (long) shape.kvHeads() * capacity * shape.headSize();
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
    }
}
