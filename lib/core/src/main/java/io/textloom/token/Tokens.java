package io.textloom.token;

import java.util.Arrays;

/**
 * The tokens of one text, in arrays that grow and are used again for the next text.
 *
 * <p>Not safe for concurrent use. Ids stand in {@link #ids()}[0 .. {@link #size()}). After {@link TokenEncoder#encodeWithOffsets} token {@code i} covers the
 * characters {@code [start(i), end(i))} of the text; unit: Unicode code points.
 */
public final class Tokens {
    private int[] ids = new int[256];
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private int size;
    private boolean offsets;

    /** Forgets the tokens. */
    public void clear() {
        size = 0;
        offsets = false;
    }

    /** Forgets the tokens; the next ones are added with {@link #add(int, int, int)}. */
    public void clearForOffsets() {
        size = 0;
        offsets = true;
    }

    public void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
    }

    public void add(int id, int start, int end) {
        if (size >= starts.length) {
            int capacity = Math.max(ids.length, 2 * size);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        starts[size] = start;
        ends[size] = end;
        add(id);
    }

    /** unit: tokens */
    public int size() {
        return size;
    }

    /** Not copied: longer than {@link #size()}, and overwritten by the next text. */
    public int[] ids() {
        return ids;
    }

    public int id(int token) {
        return ids[token];
    }

    public boolean hasOffsets() {
        return offsets;
    }

    public int start(int token) {
        return starts[token];
    }

    public int end(int token) {
        return ends[token];
    }

    /** A copy of {@code [from, to)}. */
    public int[] copyOfIds(int from, int to) {
        return Arrays.copyOfRange(ids, from, to);
    }
}
