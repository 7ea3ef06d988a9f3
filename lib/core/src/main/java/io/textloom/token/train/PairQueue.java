package io.textloom.token.train;

/**
 * Binary heap of pairs with the words they stand in: the greatest count first, then the smaller pair, then what was pushed first. A pair may stand in it several
 * times, each time with other words; its counts are those of the time it was pushed.
 */
final class PairQueue {
    private static final int[] NO_WORDS = {};

    private long[] pairs = new long[1 << 10];
    private long[] counts = new long[1 << 10];
    private int[] orders = new int[1 << 10];
    private int[][] words = new int[1 << 10][];
    private int size;
    private int pushed;

    boolean isEmpty() {
        return size == 0;
    }

    long topPair() {
        return pairs[0];
    }

    long topCount() {
        return counts[0];
    }

    /** Words in which the top pair stood when it was pushed; some may have lost it since. */
    int[] topWords() {
        return words[0];
    }

    /** @param inWords ascending; kept */
    void push(long pair, long count, int[] inWords) {
        int length = size + 1;
        pairs = FlatArrays.ensure(pairs, length);
        counts = FlatArrays.ensure(counts, length);
        orders = FlatArrays.ensure(orders, length);
        words = FlatArrays.ensure(words, length);
        int at = size++;
        set(at, pair, count, pushed++, inWords);
        while (at > 0) {
            int parent = at - 1 >>> 1;
            if (!before(at, parent)) {
                return;
            }
            swap(at, parent);
            at = parent;
        }
    }

    /** Gives the top its present count, and puts it where it belongs. */
    void recountTop(long count) {
        counts[0] = count;
        sink();
    }

    void pop() {
        size--;
        set(0, pairs[size], counts[size], orders[size], words[size]);
        words[size] = NO_WORDS;
        sink();
    }

    private void sink() {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && before(child + 1, child)) {
                child++;
            }
            if (!before(child, at)) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private boolean before(int a, int b) {
        if (counts[a] != counts[b]) {
            return counts[a] > counts[b];
        }
        return pairs[a] != pairs[b] ? pairs[a] < pairs[b] : orders[a] < orders[b];
    }

    private void set(int at, long pair, long count, int order, int[] inWords) {
        pairs[at] = pair;
        counts[at] = count;
        orders[at] = order;
        words[at] = inWords;
    }

    private void swap(int a, int b) {
        long pair = pairs[a];
        long count = counts[a];
        int order = orders[a];
        int[] inWords = words[a];
        set(a, pairs[b], counts[b], orders[b], words[b]);
        set(b, pair, count, order, inWords);
    }
}
