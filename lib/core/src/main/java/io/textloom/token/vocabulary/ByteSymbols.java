package io.textloom.token.vocabulary;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Every byte is a symbol: byte-level BPE. A byte without a token is the unknown token, or nothing if there is none, as in the reference. */
public final class ByteSymbols implements Symbols {
    private final int[] ids;
    private final int[] lastIds;
    private final boolean coverAll;
    private final boolean complete;

    /**
     * @param ids token of each byte; -1 for none
     * @param lastIds the same for the last byte of a piece
     */
    public ByteSymbols(int[] ids, int[] lastIds) {
        this.ids = ids.clone();
        this.lastIds = lastIds.clone();
        coverAll = IntStream.range(0, 256).allMatch(b -> ids[b] >= 0 && lastIds[b] >= 0);
        complete = coverAll && Arrays.equals(ids, lastIds);
    }

    /** Whether every byte has a token. */
    public boolean coverAll() {
        return coverAll;
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public int of(byte[] text, int from, int to, int[] into, int[] lengths) {
        int n = 0;
        for (int i = from; i < to; i++) {
            int id = (i + 1 < to ? ids : lastIds)[text[i] & 0xff];
            if (id >= 0) {
                into[n] = id;
                lengths[n] = 1;
                n++;
            }
        }
        return n;
    }
}
