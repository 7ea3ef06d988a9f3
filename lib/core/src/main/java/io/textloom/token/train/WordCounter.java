package io.textloom.token.train;

import java.util.Arrays;

/**
 * Counts words until it holds as many as it may: an open-addressing map from bytes to counts in flat arrays. Not safe for concurrent use.
 */
public final class WordCounter {
    private static final int HASH_FACTOR = 31;

    private final int maxWords;
    private final int maxBytes;
    private int[] slots = new int[1 << 12];
    private int[] hashes = new int[1 << 11];
    private int[] ends = new int[1 << 11];
    private long[] counts = new long[1 << 11];
    private byte[] utf8 = new byte[1 << 15];
    private int size;

    /** @param maxBytes of all distinct words together */
    public WordCounter(int maxWords, int maxBytes) {
        this.maxWords = maxWords;
        this.maxBytes = maxBytes;
    }

    /** Counts the word {@code [from, to)}. */
    public void add(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = HASH_FACTOR * hash + bytes[i];
        }
        hash = spread(hash);
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            int word = slots[slot] - 1;
            if (hashes[word] == hash && Arrays.equals(utf8, start(word), ends[word], bytes, from, to)) {
                counts[word]++;
                return;
            }
            slot = slot + 1 & mask;
        }
        slots[slot] = insert(hash, bytes, from, to);
        if (size > slots.length / 2) {
            rehash();
        }
    }

    /** Whether it is time to {@link #clear}; more may still be added. */
    public boolean isFull() {
        return size >= maxWords || end() >= maxBytes;
    }

    /** Distinct words held. */
    public int size() {
        return size;
    }

    /** A copy of a word; words are numbered in the order they came first. */
    public byte[] word(int number) {
        return Arrays.copyOfRange(utf8, start(number), ends[number]);
    }

    public long count(int number) {
        return counts[number];
    }

    /** Forgets all words. */
    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }

    private int insert(int hash, byte[] bytes, int from, int to) {
        int start = end();
        int end = Math.addExact(start, to - from);
        utf8 = FlatArrays.ensure(utf8, end);
        hashes = FlatArrays.ensure(hashes, size + 1);
        ends = FlatArrays.ensure(ends, size + 1);
        counts = FlatArrays.ensure(counts, size + 1);
        System.arraycopy(bytes, from, utf8, start, to - from);
        hashes[size] = hash;
        ends[size] = end;
        counts[size] = 1;
        return ++size;
    }

    private int start(int word) {
        return word == 0 ? 0 : ends[word - 1];
    }

    private int end() {
        return start(size);
    }

    /** Source: the finalizer of MurmurHash3. */
    private static int spread(int hash) {
        int h = hash;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int word = 0; word < size; word++) {
            int slot = hashes[word] & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = word + 1;
        }
    }
}
