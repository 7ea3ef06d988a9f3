package io.textloom.train.word2vec;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;

/** Pairs of numbers to numbers or counts, in flat arrays. Travels to executors. Not safe for concurrent change. */
@DefaultSerializer(JavaSerializer.class)
final class PairTable implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long EMPTY = -1;

    private long[] keys;
    private long[] values;
    private int size;

    PairTable() {
        clear();
    }

    void clear() {
        keys = new long[1 << 10];
        values = new long[1 << 10];
        Arrays.fill(keys, EMPTY);
        size = 0;
    }

    /** @param right -1 for none: then the pair is the left one alone */
    static long key(int left, int right) {
        return (long) left << 32 | right & 0xffffffffL;
    }

    static int left(long key) {
        return (int) (key >>> 32);
    }

    static int right(long key) {
        return (int) key;
    }

    int size() {
        return size;
    }

    /** @return -1 if the pair is not in the table */
    long get(long key) {
        int slot = find(key);
        return keys[slot] == EMPTY ? -1 : values[slot];
    }

    void put(long key, long value) {
        int slot = slotFor(key);
        values[slot] = value;
    }

    void add(long key, long value) {
        int slot = slotFor(key);
        values[slot] += value;
    }

    /** Slots from 0 to {@link #capacity}, some of them empty: {@link #keyAt} is then -1. */
    int capacity() {
        return keys.length;
    }

    long keyAt(int slot) {
        return keys[slot];
    }

    long valueAt(int slot) {
        return values[slot];
    }

    private int slotFor(long key) {
        if (2 * size >= keys.length) {
            grow();
        }
        int slot = find(key);
        if (keys[slot] == EMPTY) {
            keys[slot] = key;
            size++;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new long[keys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int slot = find(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private int find(long key) {
        long hash = key * 0x9e3779b97f4a7c15L;
        int slot = (int) (hash >>> 32) & keys.length - 1;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }
}
