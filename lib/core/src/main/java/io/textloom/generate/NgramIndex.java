package io.textloom.generate;

/**
 * Where the n-grams of a history begin, by their first n - 1 tokens: chains of positions with the same hash.
 */
final class NgramIndex {
    private static final int SPREAD = 0x9e3779b9;
    private static final int MANY = 31;

    private final int size;
    /** Position of the latest n-gram of a hash, counted from 1; 0 for none. A power of two long, longer than there are n-grams. */
    private int[] latest = new int[64];
    /** Position of the n-gram of the same hash before that at a position, counted from 1; 0 for none. */
    private int[] earlier = new int[64];

    /** N-grams in it. */
    private int read;

    /** @param size above 0; unit: tokens */
    NgramIndex(int size) {
        this.size = size;
    }

    int size() {
        return size;
    }

    void update(TokenHistory history) {
        int ngrams = history.length() - size + 1;
        if (ngrams > earlier.length) {
            int room = Integer.highestOneBit(ngrams) * 2;
            earlier = new int[room];
            latest = new int[room];
            read = 0;
        }
        for (; read < ngrams; read++) {
            int hash = hash(history, read);
            earlier[read] = latest[hash];
            latest[hash] = read + 1;
        }
    }

    /**
     * Tokens that would complete an n-gram which the history has already.
     *
     * @param position 0 for the first; then what {@link #next} gave
     * @return the position after which the n-gram was found, for {@link #follower}; 0 for no more
     */
    int next(TokenHistory history, int position) {
        int suffix = history.length() - size + 1;
        if (suffix < 0) {
            return 0;
        }
        int found = position == 0 ? latest[hash(history, suffix)] : earlier[position - 1];
        while (found != 0 && !same(history, found - 1, suffix)) {
            found = earlier[found - 1];
        }
        return found;
    }

    /** The last token of an n-gram that {@link #next} found. */
    int follower(TokenHistory history, int position) {
        return history.token(position - 1 + size - 1);
    }

    private boolean same(TokenHistory history, int a, int b) {
        for (int i = 0; i < size - 1; i++) {
            if (history.token(a + i) != history.token(b + i)) {
                return false;
            }
        }
        return true;
    }

    private int hash(TokenHistory history, int from) {
        int hash = 0;
        for (int i = 0; i < size - 1; i++) {
            hash = hash * MANY + history.token(from + i);
        }
        return (hash * SPREAD) >>> (Integer.numberOfLeadingZeros(latest.length) + 1);
    }
}
