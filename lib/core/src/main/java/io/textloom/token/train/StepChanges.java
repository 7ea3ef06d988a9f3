package io.textloom.token.train;

import java.util.Arrays;

/**
 * What one merge does to the counts of other pairs, summed up by neighbour, since every pair that changes holds one symbol of the merge and one neighbour.
 */
final class StepChanges {
    private final Vocabulary vocabulary;
    private final PairCounts pairs;
    private final PairQueue queue;
    private final long minFrequency;
    private final int maxTokenLength;

    private int left;
    private int right;
    private int merged;

    /** By symbol: occurrences before the merged pair, and after it, that still were pairs or are now. */
    private long[] lostBefore = new long[0];

    private long[] lostAfter = new long[0];
    private long[] wonBefore = new long[0];
    private long[] wonAfter = new long[0];
    private boolean[] isTouched = new boolean[0];
    private int[] touched = new int[16];
    private int touchedSize;

    /** By symbol: 1 + the number of the list that holds the words of the new pair. */
    private int[] listBefore = new int[0];

    private int[] listAfter = new int[0];

    /** New pairs in the order they are met, with how many words each has and the last one of them. */
    private long[] newPairs = new long[16];

    private int[] newSizes = new int[16];
    private int[] lastWords = new int[16];
    private int newPairsSize;

    /** Which list, which word. */
    private int[] logLists = new int[64];

    private int[] logWords = new int[64];
    private int logSize;

    StepChanges(Vocabulary vocabulary, PairCounts pairs, PairQueue queue, long minFrequency, int maxTokenLength) {
        this.vocabulary = vocabulary;
        this.pairs = pairs;
        this.queue = queue;
        this.minFrequency = minFrequency;
        this.maxTokenLength = maxTokenLength;
    }

    /** Starts the merge of {@code left right} into {@code merged}. */
    void begin(int leftSymbol, int rightSymbol, int mergedSymbol) {
        left = leftSymbol;
        right = rightSymbol;
        merged = mergedSymbol;
        int symbols = vocabulary.size();
        if (isTouched.length < symbols) {
            int length = symbols + symbols / 2;
            lostBefore = Arrays.copyOf(lostBefore, length);
            lostAfter = Arrays.copyOf(lostAfter, length);
            wonBefore = Arrays.copyOf(wonBefore, length);
            wonAfter = Arrays.copyOf(wonAfter, length);
            isTouched = Arrays.copyOf(isTouched, length);
            listBefore = Arrays.copyOf(listBefore, length);
            listAfter = Arrays.copyOf(listAfter, length);
        }
    }

    int merged() {
        return merged;
    }

    /** The merged pair has this symbol before it. */
    void before(int symbol, int word, long count) {
        touch(symbol);
        lostBefore[symbol] += count;
        if (fits(symbol, merged)) {
            winBefore(symbol, word, count);
        }
    }

    /** The merged pair has this symbol after it. */
    void after(int symbol, int word, long count) {
        touch(symbol);
        lostAfter[symbol] += count;
        if (!fits(merged, symbol)) {
            return;
        }
        if (symbol == merged) {
            winBefore(symbol, word, count);
            return;
        }
        wonAfter[symbol] += count;
        if (listAfter[symbol] == 0) {
            listAfter[symbol] = newList(PairCounts.pair(merged, symbol));
        }
        log(listAfter[symbol] - 1, word);
    }

    /** Brings counts and queue up to date. */
    void apply() {
        for (int i = 0; i < touchedSize; i++) {
            int symbol = touched[i];
            if (fits(symbol, left)) {
                pairs.add(PairCounts.pair(symbol, left), -lostBefore[symbol]);
            }
            if (fits(right, symbol)) {
                pairs.add(PairCounts.pair(right, symbol), -lostAfter[symbol]);
            }
            pairs.add(PairCounts.pair(symbol, merged), wonBefore[symbol]);
            pairs.add(PairCounts.pair(merged, symbol), wonAfter[symbol]);
            lostBefore[symbol] = 0;
            lostAfter[symbol] = 0;
            wonBefore[symbol] = 0;
            wonAfter[symbol] = 0;
            listBefore[symbol] = 0;
            listAfter[symbol] = 0;
            isTouched[symbol] = false;
        }
        touchedSize = 0;
        push();
    }

    private void winBefore(int symbol, int word, long count) {
        wonBefore[symbol] += count;
        if (listBefore[symbol] == 0) {
            listBefore[symbol] = newList(PairCounts.pair(symbol, merged));
        }
        log(listBefore[symbol] - 1, word);
    }

    /** Longer pairs are never counted; those of two letters always are. */
    private boolean fits(int first, int second) {
        return vocabulary.length(first) + vocabulary.length(second) <= maxTokenLength;
    }

    private void touch(int symbol) {
        if (!isTouched[symbol]) {
            isTouched[symbol] = true;
            touched = FlatArrays.ensure(touched, touchedSize + 1);
            touched[touchedSize++] = symbol;
        }
    }

    private int newList(long pair) {
        newPairs = FlatArrays.ensure(newPairs, newPairsSize + 1);
        newSizes = FlatArrays.ensure(newSizes, newPairsSize + 1);
        lastWords = FlatArrays.ensure(lastWords, newPairsSize + 1);
        newPairs[newPairsSize] = pair;
        newSizes[newPairsSize] = 0;
        lastWords[newPairsSize] = -1;
        return ++newPairsSize;
    }

    private void log(int list, int word) {
        if (lastWords[list] == word) {
            return;
        }
        lastWords[list] = word;
        newSizes[list]++;
        logLists = FlatArrays.ensure(logLists, logSize + 1);
        logWords = FlatArrays.ensure(logWords, logSize + 1);
        logLists[logSize] = list;
        logWords[logSize++] = word;
    }

    /** Hands the new pairs that are frequent enough to the queue. */
    private void push() {
        int[][] lists = new int[newPairsSize][];
        for (int list = 0; list < newPairsSize; list++) {
            if (pairs.get(newPairs[list]) >= minFrequency) {
                lists[list] = new int[newSizes[list]];
            }
            newSizes[list] = 0;
        }
        for (int i = 0; i < logSize; i++) {
            int list = logLists[i];
            if (lists[list] != null) {
                lists[list][newSizes[list]++] = logWords[i];
            }
        }
        for (int list = 0; list < newPairsSize; list++) {
            if (lists[list] != null) {
                queue.push(newPairs[list], pairs.get(newPairs[list]), lists[list]);
            }
        }
        newPairsSize = 0;
        logSize = 0;
    }
}
