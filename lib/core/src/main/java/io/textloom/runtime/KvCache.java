package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
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
    private int capacity;
    /** Layer by layer, keys then values. */
    private final List<NativeFloats> buffers = new ArrayList<>();

    private final List<OnnxTensor> tensors = new ArrayList<>();
    /** Entry {@code slot} binds that row alone, entry {@code slots} all rows. */
    private final List<Binding> bindings = new ArrayList<>();

    /** The past and present tensors of a call, by the names of the graph. */
    record Binding(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    KvCache(DecoderShape shape, int slots, int capacity) {
        this.shape = shape;
        this.slots = slots;
        this.capacity = capacity;
        try {
            for (int i = 0; i < 2 * shape.layers(); i++) {
                buffers.add(allocate(capacity));
            }
            bindAll();
        } catch (RuntimeException e) {
            close();
            throw e;
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

    /**
     * Makes every row longer, layer by layer, so that never more than one buffer is there twice.
     *
     * @param lengths tokens of each row that are kept
     */
    void grow(int newCapacity, int[] lengths) {
        unbind();
        int old = capacity;
        int head = shape.headSize();
        capacity = newCapacity;
        for (int b = 0; b < buffers.size(); b++) {
            NativeFloats larger = allocate(newCapacity);
            FloatBuffer from = buffers.get(b).values();
            for (int slot = 0; slot < slots; slot++) {
                for (int h = 0; h < shape.kvHeads(); h++) {
                    int row = slot * shape.kvHeads() + h;
                    larger.values().put(row * newCapacity * head, from, row * old * head, lengths[slot] * head);
                }
            }
            buffers.set(b, larger).close();
        }
        bindAll();
    }

    /** Copies the first {@code length} tokens of a row to another. */
    void copyRow(int from, int to, int length) {
        int head = shape.headSize();
        for (NativeFloats buffer : buffers) {
            FloatBuffer values = buffer.values();
            for (int h = 0; h < shape.kvHeads(); h++) {
                values.put(start(to, h, 0), values, start(from, h, 0), length * head);
            }
        }
    }

    /** Copies tokens {@code [first, first + block.tokens())} of a row into a block of their own. */
    void save(int slot, int first, KvBlock block) {
        int run = block.tokens() * shape.headSize();
        int at = 0;
        for (NativeFloats buffer : buffers) {
            for (int h = 0; h < shape.kvHeads(); h++) {
                block.values().put(at, buffer.values(), start(slot, h, first), run);
                at += run;
            }
        }
    }

    /** The reverse of {@link #save}. */
    void restore(int slot, int first, KvBlock block) {
        int run = block.tokens() * shape.headSize();
        int at = 0;
        for (NativeFloats buffer : buffers) {
            for (int h = 0; h < shape.kvHeads(); h++) {
                buffer.values().put(start(slot, h, first), block.values(), at, run);
                at += run;
            }
        }
    }

    private int start(int slot, int head, int token) {
        return ((slot * shape.kvHeads() + head) * capacity + token) * shape.headSize();
    }

    private NativeFloats allocate(int tokens) {
        long floats = (long) slots * shape.kvHeads() * tokens * shape.headSize();
        if (4 * floats > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A KV cache of " + slots + " slots and " + tokens + " tokens needs "
                    + 4 * floats + " bytes a layer, more than " + Integer.MAX_VALUE + "; lower generate.slots");
        }
        try {
            return new NativeFloats((int) floats);
        } catch (OutOfMemoryError e) {
            throw new IllegalStateException(
                    "No memory for a KV cache of " + shape.kvBytes((long) slots * tokens) + " bytes (" + slots
                            + " slots, " + tokens + " tokens each); lower generate.slots or generate.kvMemory",
                    e);
        }
    }

    private void bindAll() {
        try {
            for (int slot = 0; slot < slots; slot++) {
                bindings.add(bind(slot, 1));
            }
            bindings.add(bind(0, slots));
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime cannot make the KV cache: " + e.getMessage(), e);
        }
    }

    private Binding bind(int firstSlot, int rows) throws OrtException {
        long[] dimensions = {rows, shape.kvHeads(), capacity, shape.headSize()};
        int row = shape.kvHeads() * capacity * shape.headSize();
        Map<String, OnnxTensor> past = new HashMap<>();
        Map<String, OnnxTensor> present = new HashMap<>();
        for (int b = 0; b < buffers.size(); b++) {
            FloatBuffer view = buffers.get(b).values().slice(firstSlot * row, rows * row);
            OnnxTensor tensor = OnnxTensor.createTensor(OrtRuntime.environment(), view, dimensions);
            tensors.add(tensor);
            int layer = b / 2;
            boolean key = b % 2 == 0;
            past.put(key ? DecoderGraph.pastKey(layer) : DecoderGraph.pastValue(layer), tensor);
            present.put(key ? DecoderGraph.presentKey(layer) : DecoderGraph.presentValue(layer), tensor);
        }
        return new Binding(past, present);
    }

    private void unbind() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
        bindings.clear();
    }

    @Override
    public void close() {
        unbind();
        buffers.forEach(NativeFloats::close);
        buffers.clear();
    }
}
