package io.textloom.train.word2vec;

import java.util.Arrays;

/** Some sentences of word ids, one after the other: what a learner takes at a time. Owned by one thread, and filled anew. */
final class SentenceBlock {
    private int[] ids = new int[1 << 14];
    private int[] ends = new int[1 << 10];
    private int size;

    void clear() {
        size = 0;
    }

    /** unit: sentences */
    int size() {
        return size;
    }

    /** Ids of all sentences; valid up to the last {@link #end}. */
    int[] ids() {
        return ids;
    }

    int start(int sentence) {
        return sentence == 0 ? 0 : ends[sentence - 1];
    }

    int end(int sentence) {
        return ends[sentence];
    }

    /** unit: words */
    int words() {
        return size == 0 ? 0 : ends[size - 1];
    }

    /** Room for a sentence behind the others; to be filled from {@link #words} on, before {@link #added}. */
    int[] room(int words) {
        if (words() + words > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(words() + words, 2 * ids.length));
        }
        return ids;
    }

    /** The sentence that was written behind the others. */
    void added(int words) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ends[size] = words() + words;
        size++;
    }
}
