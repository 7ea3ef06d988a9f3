package io.textloom.token;

import java.util.List;

/**
 * Sequences of token ids laid end to end: {@code ids[offsets[i] .. offsets[i + 1])} is sequence {@code i}.
 *
 * <p>Owns its arrays; a reader must not change them.
 */
public final class TokenBatch {
    private final int[] ids;
    private final int[] offsets;
    private final int[] types;

    /** Takes ownership of both arrays; {@code offsets} has one entry more than there are sequences and starts with 0. All token types are 0. */
    public TokenBatch(int[] ids, int[] offsets) {
        this(ids, offsets, new int[ids.length]);
    }

    /** Takes ownership of the arrays; {@code types} has a token type for each id. */
    public TokenBatch(int[] ids, int[] offsets, int[] types) {
        if (offsets.length == 0
                || offsets[0] != 0
                || offsets[offsets.length - 1] > ids.length
                || types.length < ids.length) {
            throw new IllegalArgumentException(
                    "offsets must start with 0 and end within " + ids.length + " ids, of which each has a type");
        }
        this.ids = ids;
        this.offsets = offsets;
        this.types = types;
    }

    public static TokenBatch of(List<int[]> sequences) {
        int[] offsets = new int[sequences.size() + 1];
        for (int i = 0; i < sequences.size(); i++) {
            offsets[i + 1] = offsets[i] + sequences.get(i).length;
        }
        int[] ids = new int[offsets[sequences.size()]];
        for (int i = 0; i < sequences.size(); i++) {
            System.arraycopy(sequences.get(i), 0, ids, offsets[i], sequences.get(i).length);
        }
        return new TokenBatch(ids, offsets);
    }

    /** Number of sequences. */
    public int size() {
        return offsets.length - 1;
    }

    /** unit: tokens */
    public int length(int sequence) {
        return offsets[sequence + 1] - offsets[sequence];
    }

    public int offset(int sequence) {
        return offsets[sequence];
    }

    public int[] ids() {
        return ids;
    }

    /** Token type of each id. */
    public int[] types() {
        return types;
    }

    /** unit: tokens, padding not counted */
    public int totalTokens() {
        return offsets[offsets.length - 1];
    }

    /** Length of the longest sequence; unit: tokens. */
    public int maxLength() {
        int max = 0;
        for (int i = 0; i < size(); i++) {
            max = Math.max(max, length(i));
        }
        return max;
    }
}
