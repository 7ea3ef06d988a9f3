package io.textloom.token.split;

import java.util.Arrays;

/** Where pieces of a text begin and end; unit: bytes. Not safe for concurrent use. */
public final class Pieces {
    private int[] bounds = new int[512];
    private int size;

    public void clear() {
        size = 0;
    }

    public void add(int from, int to) {
        if (2 * size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 4 * size);
        }
        bounds[2 * size] = from;
        bounds[2 * size + 1] = to;
        size++;
    }

    /** Moves the end of the last piece. */
    void extendLast(int to) {
        bounds[2 * size - 1] = to;
    }

    public int size() {
        return size;
    }

    public int from(int piece) {
        return bounds[2 * piece];
    }

    public int to(int piece) {
        return bounds[2 * piece + 1];
    }

    /** {@code bounds[2 i]} and {@code bounds[2 i + 1]} are piece {@code i}; longer than needed, valid until the next {@link #add}. */
    public int[] bounds() {
        return bounds;
    }
}
