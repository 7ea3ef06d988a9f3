package io.textloom.token.train;

import java.util.Arrays;

/** Pair of symbols → count, in open addressing; a pair whose count falls to 0 is taken out. */
final class PairCounts {
    private static final long EMPTY = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long[] keys;
    private long[] counts;
    private int shift;
    private int size;

    PairCounts() {
        allocate(1 << 12);
    }

    /** A pair as one number; numbers are in the order of (left, right). */
    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    static int left(long pair) {
        return (int) (pair >>> 32);
    }

    static int right(long pair) {
        return (int) pair;
    }

    int size() {
        return size;
    }

    long get(long pair) {
        int slot = slot(pair);
        return keys[slot] == pair ? counts[slot] : 0;
    }

    void add(long pair, long delta) {
        int slot = slot(pair);
        if (keys[slot] != pair) {
            if (delta == 0) {
                return;
            }
            keys[slot] = pair;
            counts[slot] = delta;
            if (++size > keys.length / 8 * 5) {
                grow();
            }
            return;
        }
        counts[slot] += delta;
        if (counts[slot] == 0) {
            remove(slot);
        }
    }

    /** Slots there are; a slot keeps its pair until the next {@link #add}. */
    int slots() {
        return keys.length;
    }

    boolean isFilled(int slot) {
        return keys[slot] != EMPTY;
    }

    long pairAt(int slot) {
        return keys[slot];
    }

    long countAt(int slot) {
        return counts[slot];
    }

    /** The pair's slot, or the empty one where it would go. */
    int slot(long pair) {
        int mask = keys.length - 1;
        int slot = (int) (pair * GOLDEN >>> shift);
        while (keys[slot] != pair && keys[slot] != EMPTY) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** Moves later pairs of the run back, so that no pair lies behind an empty slot. Source: Knuth, TAOCP 6.4 algorithm R. */
    private void remove(int slot) {
        int mask = keys.length - 1;
        int hole = slot;
        for (int at = slot + 1 & mask; keys[at] != EMPTY; at = at + 1 & mask) {
            int home = (int) (keys[at] * GOLDEN >>> shift);
            if ((at - home & mask) >= (at - hole & mask)) {
                keys[hole] = keys[at];
                counts[hole] = counts[at];
                hole = at;
            }
        }
        keys[hole] = EMPTY;
        size--;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldCounts = counts;
        allocate(Math.multiplyExact(oldKeys.length, 2));
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                counts[slot] = oldCounts[i];
            }
        }
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        Arrays.fill(keys, EMPTY);
        counts = new long[capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
    }
}
