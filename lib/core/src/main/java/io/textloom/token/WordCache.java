package io.textloom.token;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The tokens of short pieces seen before: a fixed number of slots, two for a piece to be in, the newer one first. Not safe for concurrent use.
 *
 * <p>A piece of up to {@link #MAX_BYTES} bytes with up to {@link #MAX_TOKENS} tokens is four longs: sixteen bytes of key, of which the last holds the length and the number of
 * tokens, and a word of 22 bits of id and 4 bits of length for each token. Memory: {@link #BYTES}.
 */
final class WordCache {
    static final int MAX_BYTES = 15;
    static final int MAX_TOKENS = 4;
    /** unit: bytes */
    static final int BYTES = 1 << 21;

    private static final int LONGS = 4;
    private static final int SLOTS = BYTES / (LONGS * Long.BYTES);
    private static final int ID_BITS = 22;
    private static final int ID_MASK = (1 << ID_BITS) - 1;
    private static final VarHandle LONG_AT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] slots = new long[SLOTS * LONGS];

    /** The first eight bytes of a piece as a number. */
    static long low(byte[] text, int from, int length) {
        long low = (long) LONG_AT.get(text, from);
        return length >= 8 ? low : low & (1L << 8 * length) - 1;
    }

    /** The other bytes and, in the highest byte, the length. */
    static long high(byte[] text, int from, int length) {
        long high = length <= 8 ? 0 : (long) LONG_AT.get(text, from + 8) & (1L << 8 * (length - 8)) - 1;
        return high | (long) length << 60;
    }

    /**
     * Copies the tokens of a piece.
     *
     * @param from where the piece begins; {@code ends} are counted from there
     * @return how many tokens; 0 if the piece is not here
     */
    int find(long low, long high, int from, int[] ids, int[] ends, int at) {
        int slot = slot(low, high);
        long found = slots[slot + 1];
        if (slots[slot] != low || (found & ~(7L << 56)) != high) {
            slot ^= LONGS;
            found = slots[slot + 1];
            if (slots[slot] != low || (found & ~(7L << 56)) != high) {
                return 0;
            }
        }
        int n = (int) (found >>> 56) & 7;
        long first = slots[slot + 2];
        int end = from + ((int) first >>> ID_BITS & 15);
        ids[at] = (int) first & ID_MASK;
        ends[at] = end;
        if (n > 1) {
            rest(slot, n, end, ids, ends, at);
        }
        return n;
    }

    private void rest(int slot, int n, int firstEnd, int[] ids, int[] ends, int at) {
        int end = firstEnd;
        for (int i = 1; i < n; i++) {
            int token = (int) (slots[slot + 2 + i / 2] >>> 32 * (i & 1));
            end += token >>> ID_BITS & 15;
            ids[at + i] = token & ID_MASK;
            ends[at + i] = end;
        }
    }

    /** Keeps the {@code n} tokens that stand from {@code at} on; the arguments are those of {@link #find}. */
    void put(long low, long high, int from, int[] ids, int[] ends, int at, int n) {
        int slot = slot(low, high);
        if (slots[slot + 1] != 0) {
            System.arraycopy(slots, slot, slots, slot ^ LONGS, LONGS);
        }
        slots[slot] = low;
        slots[slot + 1] = high | (long) n << 56;
        slots[slot + 2] = 0;
        slots[slot + 3] = 0;
        int start = from;
        for (int i = 0; i < n; i++) {
            long token = ids[at + i] | ends[at + i] - start << ID_BITS;
            slots[slot + 2 + i / 2] |= (token & 0xffffffffL) << 32 * (i & 1);
            start = ends[at + i];
        }
    }

    private static int slot(long low, long high) {
        long mixed = (low ^ Long.rotateLeft(high, 23)) * 0x9e3779b97f4a7c15L;
        mixed ^= mixed >>> 32;
        mixed *= 0xd6e8feb86659fd93L;
        return (int) (mixed >>> 40) & (SLOTS - 1) * LONGS;
    }
}
