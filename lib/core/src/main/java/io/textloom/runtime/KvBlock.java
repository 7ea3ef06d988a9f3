package io.textloom.runtime;

import java.nio.FloatBuffer;

/** Keys and values of all layers for some tokens that follow one another in a row: a copy that outlives the row. */
public final class KvBlock implements AutoCloseable {
    private final int tokens;
    private final NativeFloats memory;

    KvBlock(DecoderShape shape, int tokens) {
        this.tokens = tokens;
        this.memory = new NativeFloats(Math.toIntExact(shape.kvBytes(tokens) / 4));
    }

    int tokens() {
        return tokens;
    }

    FloatBuffer values() {
        return memory.values();
    }

    @Override
    public void close() {
        memory.close();
    }
}
