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
        setOffsets(size, start, end);
        add(id);
    }

    /** The ids with room for {@code more}; valid until the next change. */
    int[] idsWithRoom(int more) {
        if (ids.length - size < more) {
            ids = Arrays.copyOf(ids, Math.max(Math.addExact(size, more), (int)
                    Math.min(Integer.MAX_VALUE - 8L, 2L * ids.length)));
        }
        return ids;
    }

    /** Counts ids that were written into {@link #idsWithRoom}. */
    void setSize(int size) {
        this.size = size;
    }

    void setOffsets(int token, int start, int end) {
        if (token >= starts.length) {
            starts = Arrays.copyOf(starts, Math.max(ids.length, token + 1));
            ends = Arrays.copyOf(ends, starts.length);
        }
        starts[token] = start;
        ends[token] = end;
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
