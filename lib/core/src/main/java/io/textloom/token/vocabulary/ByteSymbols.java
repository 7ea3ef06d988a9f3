package io.textloom.token.vocabulary;

import java.util.Arrays;

/** Every byte is a symbol: byte-level BPE. A byte without a token is the unknown token, or nothing if there is none, as in the reference. */
public final class ByteSymbols implements Symbols {
    private final int[] ids;
    private final boolean complete;

    /** @param ids token of each byte; -1 for none */
    public ByteSymbols(int[] ids) {
        this.ids = ids.clone();
        complete = Arrays.stream(ids).allMatch(id -> id >= 0);
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public int of(byte[] text, int from, int to, int[] into, int[] lengths) {
        int n = 0;
        for (int i = from; i < to; i++) {
            int id = ids[text[i] & 0xff];
            if (id >= 0) {
                into[n] = id;
                lengths[n] = 1;
                n++;
            }
        }
        return n;
    }
}
