package io.textloom.token.train;

import java.util.Arrays;

/** Distinct words with their counts, in the order of their bytes; flat arrays that this object owns. */
public final class CountedWords {
    private final byte[] utf8;
    private final int[] ends;
    private final long[] counts;
    private final int size;

    private CountedWords(Builder builder) {
        utf8 = builder.utf8;
        ends = builder.ends;
        counts = builder.counts;
        size = builder.size;
    }

    /** Number of distinct words. */
    public int size() {
        return size;
    }

    /** Occurrences of all words. */
    public long occurrences() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** Length of all distinct words together; unit: bytes. */
    public int bytes() {
        return start(size);
    }

    public long count(int word) {
        return counts[word];
    }

    /** First byte of a word in {@link #utf8}. */
    public int start(int word) {
        return word == 0 ? 0 : ends[word - 1];
    }

    /** One past its last byte. */
    public int end(int word) {
        return ends[word];
    }

    /** All words, one after the other; not to be changed. */
    public byte[] utf8() {
        return utf8;
    }

    /** Takes words in ascending order. */
    public static final class Builder {
        private byte[] utf8 = new byte[1 << 16];
        private int[] ends = new int[1 << 12];
        private long[] counts = new long[1 << 12];
        private int size;

        /**
         * @param word UTF-8, greater than every word before it; bytes compare unsigned
         * @throws IllegalArgumentException if the words are out of order or too many for this machine's arrays
         */
        public Builder add(byte[] word, long count) {
            int from = size == 0 ? 0 : ends[size - 1];
            if (size > 0) {
                int previous = size == 1 ? 0 : ends[size - 2];
                if (Arrays.compareUnsigned(utf8, previous, from, word, 0, word.length) >= 0) {
                    throw new IllegalArgumentException("Words came out of order; expected ascending and distinct ones");
                }
            }
            if (count < 1) {
                throw new IllegalArgumentException("A word has count " + count + "; expected at least 1");
            }
            if (Integer.MAX_VALUE - 8 - from < word.length) {
                throw new IllegalArgumentException(
                        "The distinct words have more than 2 GB; train on a sample (--limit)");
            }
            utf8 = FlatArrays.ensure(utf8, from + word.length);
            ends = FlatArrays.ensure(ends, size + 1);
            counts = FlatArrays.ensure(counts, size + 1);
            System.arraycopy(word, 0, utf8, from, word.length);
            ends[size] = from + word.length;
            counts[size++] = count;
            return this;
        }

        /** The words so far; the builder is not to be used after it. */
        public CountedWords build() {
            return new CountedWords(this);
        }
    }
}
