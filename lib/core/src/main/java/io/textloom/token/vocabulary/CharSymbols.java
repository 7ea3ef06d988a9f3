package io.textloom.token.vocabulary;

import io.textloom.token.unicode.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Every character is a symbol; one without a token becomes the tokens of its bytes, or unknown, or nothing.
 *
 * <p>Source: {@code BPE::merge_word} of tokenizers 0.23.3. There, unknown characters wait for the next one that has a token; bytes of others overtake them.
 */
public final class CharSymbols implements Symbols {
    private static final int TABLE = 1 << 16;

    private final Affixes affixes;
    private final int[] table;
    private final @Nullable ByteTokens bytes;
    private final @Nullable String unknownToken;
    private final int unknown;
    private final boolean fuseUnknown;

    /**
     * @param affixes what the characters of the vocabulary are spelled with
     * @param unknownToken null for none: then characters without a token are left out
     * @param fuseUnknown whether unknown characters beside each other are one symbol
     * @param byteFallback whether characters without a token become the tokens of their bytes, if all are there
     */
    public CharSymbols(
            Vocabulary vocabulary,
            Affixes affixes,
            @Nullable String unknownToken,
            boolean fuseUnknown,
            boolean byteFallback) {
        this.affixes = affixes;
        this.unknownToken = unknownToken;
        this.fuseUnknown = fuseUnknown;
        unknown = unknownToken == null ? -1 : vocabulary.id(unknownToken);
        bytes = byteFallback ? new ByteTokens(vocabulary) : null;
        table = table(affixes.plain());
    }

    private static int[] table(Vocabulary characters) {
        int[] table = new int[TABLE];
        Arrays.fill(table, -1);
        for (int id = 0; id < characters.size(); id++) {
            if (characters.has(id) && characters.length(id) <= 3) {
                table[Utf8.read(characters.bytes(id), 0)] = id;
            }
        }
        return table;
    }

    /** Whether every character becomes at least one symbol. */
    public boolean coverAll() {
        return unknown >= 0 || bytes != null && bytes.areComplete();
    }

    /** Bytes of a character are no symbols, and unknown characters wait for those behind them. */
    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public int of(byte[] text, int from, int to, int[] ids, int[] lengths) {
        int n = 0;
        int waiting = 0;
        for (int at = from; at < to; ) {
            int length = Utf8.length(text[at]);
            int id = affixes.isEmpty() && length < 4
                    ? table[Utf8.read(text, at)]
                    : affixes.id(text, at, at + length, at == from, at + length == to);
            if (id >= 0) {
                if (waiting > 0) {
                    ids[n] = unknown;
                    lengths[n++] = waiting;
                    waiting = 0;
                }
                ids[n] = id;
                lengths[n++] = length;
            } else if (bytes != null && bytes.cover(text, at, at + length)) {
                for (int i = at; i < at + length; i++) {
                    ids[n] = bytes.id(text[i]);
                    lengths[n++] = 1;
                }
            } else if (unknownToken != null) {
                if (unknown < 0) {
                    throw new IllegalArgumentException("the vocabulary has no unknown token \"" + unknownToken + "\"");
                }
                if (waiting > 0 && !fuseUnknown) {
                    ids[n] = unknown;
                    lengths[n++] = waiting;
                    waiting = 0;
                }
                waiting += length;
            }
            at += length;
        }
        if (waiting > 0) {
            ids[n] = unknown;
            lengths[n++] = waiting;
        }
        return n;
    }
}
