package io.textloom.train.elmo;

import java.util.Arrays;

/** Sequences of one length, each known by the number of its beginning and its last token; numbered in the order they came. Not safe for concurrent use. */
final class NgramTable {
    private static final int ABSENT = -1;

    private long[] keys = new long[1 << 10];
    private int[] slots = new int[1 << 11];
    private int size;

    /** By number: how often, or after how many different tokens. */
    int[] counts = new int[1 << 10];

    NgramTable() {
        Arrays.fill(slots, ABSENT);
    }

    int size() {
        return size;
    }

    /** @return -1 if it is not there */
    int find(int beginning, int token) {
        return slots[slot(key(beginning, token))];
    }

    /** Its number, a new one if it was not there. */
    int add(int beginning, int token) {
        long key = key(beginning, token);
        int slot = slot(key);
        if (slots[slot] != ABSENT) {
            return slots[slot];
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        keys[size] = key;
        slots[slot] = size++;
        if (size > slots.length / 2) {
            grow();
        }
        return size - 1;
    }

    /** How many have this count. */
    long having(int count) {
        long having = 0;
        for (int i = 0; i < size; i++) {
            having += counts[i] == count ? 1 : 0;
        }
        return having;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        Arrays.fill(slots, ABSENT);
        for (int i = 0; i < size; i++) {
            slots[slot(keys[i])] = i;
        }
    }

    private int slot(long key) {
        int mask = slots.length - 1;
        long mixed = key * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (slots[slot] != ABSENT && keys[slots[slot]] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long key(int beginning, int token) {
        return ((long) beginning << 32) | (token & 0xffffffffL);
    }
}
