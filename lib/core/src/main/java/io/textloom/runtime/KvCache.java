package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of all layers for a fixed number of rows: per layer two areas [slots, heads, capacity, headSize].
 *
 * <p>A slot's part of each area is contiguous, so a single row is also a tensor of its own over the same memory: prefill writes there and
 * decode reads it without a copy.
 */
final class KvCache implements AutoCloseable {
    private final KvMemory memory;
    private final DecoderShape shape;
    private final int slots;
    private int capacity;
    /** Layer by layer, keys then values. */
    private final List<KvMemory.Area> areas = new ArrayList<>();

    private final List<OnnxTensor> tensors = new ArrayList<>();
    /** Entry {@code slot} binds that row alone, entry {@code slots} all rows. */
    private final List<Binding> bindings = new ArrayList<>();

    /** The past and present tensors of a call, by the names of the graph. */
    record Binding(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    KvCache(KvMemory memory, DecoderShape shape, int slots, int capacity) {
        this.memory = memory;
        this.shape = shape;
        this.slots = slots;
        this.capacity = capacity;
        try {
            allocate(areas, 2 * shape.layers(), slots, capacity, true);
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
     * Makes every row longer, layer by layer, so that never more than one layer is there twice. Where memory runs out the rows keep what they hold, and
     * their capacity.
     *
     * @param lengths tokens of each row that are kept
     */
    void grow(int newCapacity, int[] lengths) {
        unbind();
        try {
            for (int layer = 0; layer < shape.layers(); layer++) {
                if (areas.get(2 * layer).capacity() < newCapacity) {
                    growLayer(areas.subList(2 * layer, 2 * layer + 2), newCapacity, lengths);
                }
            }
            capacity = newCapacity;
        } finally {
            bindAll();
        }
    }

    private void growLayer(List<KvMemory.Area> layer, int newCapacity, int[] lengths) {
        List<KvMemory.Area> larger = new ArrayList<>();
        try {
            allocate(larger, layer.size(), slots, newCapacity, true);
            for (int slot = 0; slot < slots; slot++) {
                if (lengths[slot] > 0) {
                    memory.copy(
                            new KvMemory.Tokens(layer, slot, 0), new KvMemory.Tokens(larger, slot, 0), lengths[slot]);
                }
            }
        } catch (RuntimeException e) {
            larger.forEach(KvMemory.Area::close);
            throw e;
        }
        for (int i = 0; i < layer.size(); i++) {
            layer.set(i, larger.get(i)).close();
        }
    }

    /** Copies the first {@code length} tokens of a row to another. */
    void copyRow(int from, int to, int length) {
        if (length > 0 && from != to) {
            memory.copy(tokens(from, 0), tokens(to, 0), length);
        }
    }

    /** Copies tokens {@code [first, first + count)} of a row into a block of their own. */
    KvBlock save(int slot, int first, int count) {
        List<KvMemory.Area> copy = new ArrayList<>();
        try {
            allocate(copy, areas.size(), 1, count, false);
            KvBlock block = new KvBlock(copy, count);
            memory.copy(tokens(slot, first), block.all(), count);
            return block;
        } catch (RuntimeException e) {
            copy.forEach(KvMemory.Area::close);
            throw e;
        }
    }

    /** The reverse of {@link #save}. */
    void restore(int slot, int first, KvBlock block) {
        memory.copy(block.all(), tokens(slot, first), block.tokens());
    }

    private KvMemory.Tokens tokens(int slot, int first) {
        return new KvMemory.Tokens(areas, slot, first);
    }

    /** Adds as many as can be had, so that the caller can close them. */
    private void allocate(List<KvMemory.Area> into, int count, int rows, int tokens, boolean clear) {
        for (int i = 0; i < count; i++) {
            into.add(memory.allocate(rows, tokens, clear));
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
        Map<String, OnnxTensor> past = new HashMap<>();
        Map<String, OnnxTensor> present = new HashMap<>();
        for (int i = 0; i < areas.size(); i++) {
            OnnxTensor tensor = areas.get(i).rows(firstSlot, rows);
            tensors.add(tensor);
            int layer = i / 2;
            boolean key = i % 2 == 0;
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
        areas.forEach(KvMemory.Area::close);
        areas.clear();
    }
}
