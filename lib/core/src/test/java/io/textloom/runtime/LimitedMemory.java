package io.textloom.runtime;

import ai.onnxruntime.OrtException;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Weights;
import io.textloom.tensor.Precision;
import java.util.concurrent.atomic.AtomicInteger;

/** A memory with room for so many areas: a card of which others take a part. */
public final class LimitedMemory implements KvMemory {
    private final KvMemory memory;
    private final boolean copies;
    private final AtomicInteger left;

    LimitedMemory(KvMemory memory, int areas, boolean copies) {
        this.memory = memory;
        this.left = new AtomicInteger(areas);
        this.copies = copies;
    }

    /** A session on a card, computed by the CPU, with room for so many areas. */
    public static DecoderSession session(DecoderSpec spec, Weights weights, int areas) {
        return session(spec, weights, (s, shape) -> new LimitedMemory(DeviceKv.open(s, shape), areas, true));
    }

    static DecoderSession session(DecoderSpec spec, Weights weights, DeviceKv.Opener opener) {
        Device card = Device.cudaOnCpu(0);
        NativeSession layers = DecoderSession.open(DecoderGraph.build(spec, weights, Precision.FLOAT32), card, 1);
        NativeSession output = DecoderSession.open(OutputGraph.build(spec, weights, Precision.FLOAT32), card, 1);
        return DecoderSession.over(layers, output, DecoderSession.shape(spec, Precision.FLOAT32), opener);
    }

    void leave(int areas) {
        left.set(areas);
    }

    @Override
    public int mostTokens(int rows) {
        return memory.mostTokens(rows);
    }

    @Override
    public Area allocate(int rows, int capacity, boolean clear) {
        if (left.getAndDecrement() <= 0) {
            throw new OutOfDeviceMemory("no room", new IllegalStateException());
        }
        return memory.allocate(rows, capacity, clear);
    }

    @Override
    public void copy(Tokens from, Tokens to, int count) {
        if (copies) {
            memory.copy(from, to, count);
        }
    }

    @Override
    public Logits logits(int slots, int vocabulary) throws OrtException {
        return memory.logits(slots, vocabulary);
    }

    @Override
    public String place() {
        return "limited";
    }

    @Override
    public void close() {
        memory.close();
    }
}
