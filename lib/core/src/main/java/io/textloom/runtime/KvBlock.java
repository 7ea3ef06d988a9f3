package io.textloom.runtime;

import java.util.List;

/** Keys and values of all layers for some tokens that follow one another in a row: a copy that outlives the row, where its cache lies. */
public final class KvBlock implements AutoCloseable {
    private final List<KvMemory.Area> areas;
    private final int tokens;

    /** @param areas layer by layer keys and values, of one row; closed with the block */
    KvBlock(List<KvMemory.Area> areas, int tokens) {
        this.areas = List.copyOf(areas);
        this.tokens = tokens;
    }

    int tokens() {
        return tokens;
    }

    KvMemory.Tokens all() {
        return new KvMemory.Tokens(areas, 0, 0);
    }

    @Override
    public void close() {
        areas.forEach(KvMemory.Area::close);
    }
}
