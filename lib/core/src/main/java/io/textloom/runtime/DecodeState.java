package io.textloom.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows one task decodes together: a KV cache of a fixed number of slots, and the last logits of each.
 *
 * <p>A row's logits depend on its own tokens and nothing else: not on its slot, the other slots, or what the slot held before. Every call
 * has a shape that follows from the row's own length (prefill) or from the number of slots (decode), never from the other rows.
 *
 * <p>Not safe for concurrent use. Slots are empty at first.
 */
public final class DecodeState implements AutoCloseable {
    /**
     * Length of prefill calls, and of what {@link #save} saves; a prompt is cut into them from its start, so that a row's arithmetic is the same
     * whether a block of it was computed or restored. unit: tokens
     */
    public static final int BLOCK = 64;

    /** The last call of a prompt is rounded up to a multiple of this. unit: tokens */
    private static final int STEP = 8;

    private final DecoderSession session;
    private final DecoderShape shape;
    private final int slots;
    /** Most tokens of a slot. */
    private final int limit;
    /** Tokens in the cache; 0 for an empty slot. */
    private final int[] lengths;
    /** Slots that decode calls add to. */
    private final boolean[] active;

    private final SlotBlocks blocks;

    private final List<Runnable> releases = new ArrayList<>();
    private final CallInputs decodeInputs;
    /** Entry {@code i} is for {@code (i + 1) * STEP} tokens. */
    private final CallInputs[] prefillInputs = new CallInputs[BLOCK / STEP];

    private final Logits logits;
    private final RowScalars logSums;
    private final RowScalars likeliest;
    private final KvCache cache;
    /** What the layers give of each slot. */
    private final RowOutputs hidden;
    /** What each call of the layers binds: entry {@code slot} to prefill that slot, entry {@code slots} to decode. */
    private List<Call> calls;
    /** The same of the product with the vocabulary. */
    private final List<Call> outputCalls;

    private record Call(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}

    DecodeState(DecoderSession session, int slots, int expectedLength, int mostTokens) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + "; expected at least 1");
        }
        this.session = session;
        this.shape = session.shape();
        this.limit = Math.min(mostTokens, shape.positions());
        this.slots = slots;
        this.lengths = new int[slots];
        this.active = new boolean[slots];
        this.blocks = new SlotBlocks(slots);
        try {
            decodeInputs = new CallInputs(slots, 1);
            releases.add(decodeInputs::close);
            for (int i = 0; i < prefillInputs.length; i++) {
                prefillInputs[i] = new CallInputs(1, (i + 1) * STEP);
                releases.add(prefillInputs[i]::close);
            }
            hidden = new RowOutputs(slots, shape.hidden());
            releases.add(hidden::close);
            logits = session.kvMemory().logits(slots, shape.vocabularySize());
            releases.add(logits::close);
            logSums = new RowScalars(slots, OnnxJavaType.FLOAT);
            releases.add(logSums::close);
            likeliest = new RowScalars(slots, OnnxJavaType.INT64);
            releases.add(likeliest::close);
            cache = new KvCache(session.kvMemory(), shape, slots, roundUp(Math.min(expectedLength, limit)));
            releases.add(cache::close);
            calls = bind(cache);
            outputCalls = bindOutputs();
        } catch (OrtException e) {
            close();
            throw new InferenceException("ONNX Runtime cannot make a decode state: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public int slots() {
        return slots;
    }

    public int vocabularySize() {
        return shape.vocabularySize();
    }

    /** Tokens a slot holds; 0 for an empty one. */
    public int length(int slot) {
        return lengths[slot];
    }

    /** Empties a slot, and lets it take part in decode calls from now on. */
    public void begin(int slot) {
        lengths[slot] = 0;
        active[slot] = true;
    }

    /**
     * Puts {@code ids[0, count)} into a slot in place of what it held; {@link #logits} then gives those after the last of them.
     *
     * @param count from 1 to the model's positions; unit: tokens
     */
    public void prefill(int slot, int[] ids, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("A prompt of " + count + " tokens; expected at least 1");
        }
        begin(slot);
        extend(slot, ids, 0, count);
        Call call = outputCalls.get(slot);
        session.runOutput(call.inputs, call.outputs);
        logits.written(slot);
    }

    /**
     * Continues a slot with {@code ids[from, count)} without computing logits: those after a prompt come out of the decode call that is fed its last
     * token, together with those of other slots.
     *
     * @param from tokens the slot holds, a multiple of {@link #BLOCK}
     * @param count of the prompt's tokens, those the slot holds included; may be as many as it holds
     */
    public void extend(int slot, int[] ids, int from, int count) {
        if (count < from || count > limit) {
            throw new IllegalArgumentException("A prompt of " + count + " tokens; expected " + from + " to " + limit);
        }
        requireWhole(slot, from);
        reserve(count);
        blocks.overwritten(slot, from);
        Call call = calls.get(slot);
        for (int start = from; start < count; start += BLOCK) {
            int tokens = Math.min(BLOCK, count - start);
            int size = (tokens + STEP - 1) / STEP;
            CallInputs inputs = prefillInputs[size - 1];
            fill(inputs, size * STEP, ids, start, tokens);
            inputs.into(call.inputs);
            session.run(call.inputs, call.outputs);
            lengths[slot] = start + tokens;
        }
    }

    /** A copy of the last {@link #BLOCK} tokens of a slot that holds a multiple of that. */
    public KvBlock save(int slot) {
        requireWhole(slot, lengths[slot]);
        KvBlock block = cache.save(slot, lengths[slot] - BLOCK, BLOCK);
        blocks.put(slot, lengths[slot] / BLOCK - 1, block);
        return block;
    }

    /**
     * Continues a slot, which holds a multiple of {@link #BLOCK}, with the tokens of a block that was saved after the same tokens; copies nothing if the
     * slot's memory holds them from a row before.
     */
    public void restore(int slot, KvBlock block) {
        requireWhole(slot, lengths[slot]);
        reserve(lengths[slot] + BLOCK);
        int index = lengths[slot] / BLOCK;
        if (!blocks.has(slot, index, block)) {
            blocks.overwritten(slot, lengths[slot]);
            cache.restore(slot, lengths[slot], block);
            blocks.put(slot, index, block);
        }
        lengths[slot] += BLOCK;
    }

    /** Puts what one slot holds into another; the logits stay. */
    public void copy(int from, int to) {
        cache.copyRow(from, to, lengths[from]);
        blocks.overwritten(to, 0);
        lengths[to] = lengths[from];
        active[to] = true;
    }

    private void requireWhole(int slot, int tokens) {
        if (lengths[slot] != tokens || tokens % BLOCK != 0) {
            throw new IllegalStateException("Slot " + slot + " holds " + lengths[slot]
                    + " tokens; expected a multiple of " + BLOCK + ", and to continue there");
        }
    }

    /**
     * Adds one token to every slot that was begun; {@link #logits} then gives those after it.
     *
     * @param ids int[slots]; those of other slots are ignored
     */
    public void decode(int[] ids) {
        int longest = -1;
        for (int slot = 0; slot < slots; slot++) {
            longest = active[slot] ? Math.max(longest, lengths[slot]) : longest;
        }
        if (longest < 0) {
            return;
        }
        if (longest >= limit) {
            throw new IllegalStateException("A slot is full: it holds " + longest + " of " + limit
                    + " tokens; release it before the next decode");
        }
        reserve(longest + 1);
        for (int slot = 0; slot < slots; slot++) {
            // an empty slot computes token 0 at position 0, which the next prefill overwrites
            decodeInputs.ids.put(slot, active[slot] ? ids[slot] : 0);
            decodeInputs.positions.put(slot, lengths[slot]);
            decodeInputs.lengths.put(slot, lengths[slot]);
            blocks.overwritten(slot, lengths[slot]);
        }
        decodeInputs.totalLength.put(0, longest + 1);
        Call layers = calls.get(slots);
        session.run(layers.inputs, layers.outputs);
        Call output = outputCalls.get(slots);
        session.runOutput(output.inputs, output.outputs);
        logits.allWritten();
        for (int slot = 0; slot < slots; slot++) {
            lengths[slot] += active[slot] ? 1 : 0;
        }
    }

    /** Empties a slot; decode calls add nothing to it. */
    public void release(int slot) {
        lengths[slot] = 0;
        active[slot] = false;
    }

    /** @param out float[vocabulary], overwritten */
    public void logits(int slot, float[] out) {
        logits.read(slot, out);
    }

    /** The likeliest token under the last logits of a slot, the first of equals. */
    public int likeliest(int slot) {
        return (int) likeliest.getLong(slot);
    }

    /** The natural logarithm of the model's probability of a token, under the last logits of a slot. */
    public float logProbability(int slot, int token) {
        return logits.get(slot, token) - logSums.getFloat(slot);
    }

    /** The padding behind the last token writes to the cache past the row's end, where the next tokens overwrite it. */
    private void fill(CallInputs inputs, int length, int[] ids, int start, int tokens) {
        for (int i = 0; i < length; i++) {
            inputs.ids.put(i, i < tokens ? ids[start + i] : 0);
            inputs.positions.put(i, Math.min(start + i, shape.positions() - 1));
        }
        inputs.lastIndex.put(0, tokens - 1);
        inputs.lengths.put(0, start + length - 1);
        inputs.totalLength.put(0, start + length);
    }

    /** Makes room for rows of {@code length} tokens, and for more where there is memory; what the slots hold stays. */
    private void reserve(int length) {
        if (length <= cache.capacity()) {
            return;
        }
        int least = roundUp(length);
        int ample = Math.max(least, roundUp(Math.min(2 * cache.capacity(), limit)));
        try {
            grow(ample);
        } catch (OutOfDeviceMemory e) {
            if (ample == least) {
                throw e;
            }
            grow(least);
        }
    }

    private void grow(int capacity) {
        try {
            cache.grow(capacity, lengths);
        } finally {
            calls = bind(cache);
            for (int slot = 0; slot < slots; slot++) {
                blocks.overwritten(slot, lengths[slot]);
            }
        }
    }

    private List<Call> bind(KvCache kv) {
        List<Call> bound = new ArrayList<>(slots + 1);
        for (int i = 0; i <= slots; i++) {
            boolean all = i == slots;
            KvCache.Binding rows = all ? kv.allRows() : kv.row(i);
            Map<String, OnnxTensor> inputs = new HashMap<>(rows.past());
            Map<String, OnnxTensor> outputs = new HashMap<>(rows.present());
            if (all) {
                decodeInputs.into(inputs);
            }
            outputs.put(DecoderGraph.HIDDEN, all ? hidden.allRows() : hidden.row(i));
            bound.add(new Call(inputs, outputs));
        }
        return bound;
    }

    private List<Call> bindOutputs() {
        List<Call> bound = new ArrayList<>(slots + 1);
        for (int i = 0; i <= slots; i++) {
            boolean all = i == slots;
            bound.add(new Call(
                    Map.of(DecoderGraph.HIDDEN, all ? hidden.allRows() : hidden.row(i)),
                    Map.of(
                            OutputGraph.LOGITS, all ? logits.allRows() : logits.row(i),
                            OutputGraph.LOG_SUM, all ? logSums.allRows() : logSums.row(i),
                            OutputGraph.LIKELIEST, all ? likeliest.allRows() : likeliest.row(i))));
        }
        return bound;
    }

    private static int roundUp(int tokens) {
        return (Math.max(1, tokens) + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** Frees the native tensors; the state cannot be used after. */
    @Override
    public void close() {
        releases.forEach(Runnable::run);
        releases.clear();
    }
}
