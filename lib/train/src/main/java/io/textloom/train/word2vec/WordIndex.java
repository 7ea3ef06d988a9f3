package io.textloom.train.word2vec;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Words to their numbers, by their bytes. Immutable; travels to executors. */
@DefaultSerializer(JavaSerializer.class)
final class WordIndex implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int EMPTY = -1;

    private final byte[] utf8;
    private final int[] ends;
    private final int[] slots;

    /**
     * @param utf8 the words one after the other, in the order of their numbers; not copied
     * @param ends of each word one past its last byte; not copied
     */
    WordIndex(byte[] utf8, int[] ends) {
        this.utf8 = utf8;
        this.ends = ends;
        int capacity = Integer.highestOneBit(Math.max(8, Math.min(ends.length, 1 << 29)) * 2 - 1) * 2;
        slots = new int[capacity];
        Arrays.fill(slots, EMPTY);
        for (int word = 0; word < ends.length; word++) {
            slots[find(utf8, start(word), ends[word])] = word;
        }
    }

    int size() {
        return ends.length;
    }

    /** @return the word's number; -1 if it has none */
    int number(byte[] bytes, int from, int to) {
        return slots[find(bytes, from, to)];
    }

    String word(int number) {
        return new String(utf8, start(number), ends[number] - start(number), StandardCharsets.UTF_8);
    }

    private int start(int word) {
        return word == 0 ? 0 : ends[word - 1];
    }

    private int find(byte[] bytes, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        hash *= 0x9e3779b9;
        int slot = (hash ^ hash >>> 15) & slots.length - 1;
        while (slots[slot] != EMPTY && !Arrays.equals(utf8, start(slots[slot]), ends[slots[slot]], bytes, from, to)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }
}
