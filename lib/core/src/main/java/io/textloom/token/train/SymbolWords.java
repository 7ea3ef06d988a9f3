package io.textloom.token.train;

/** Words as sequences of symbols, in flat arrays; words of one symbol are left out, as there is nothing to merge in them. */
final class SymbolWords {
    private int[] symbols;
    private int[] starts = new int[1 << 10];
    private int[] lengths = new int[1 << 10];
    private long[] counts = new long[1 << 10];
    private int size;
    private int end;
    private int wordStart;

    /** @param symbolsExpected all symbols there will be, if known */
    SymbolWords(int symbolsExpected) {
        symbols = new int[Math.max(16, symbolsExpected)];
    }

    /** Appends a symbol to the word under way. */
    void add(int symbol) {
        symbols = FlatArrays.ensure(symbols, end + 1);
        symbols[end++] = symbol;
    }

    /** Ends the word under way. */
    void endWord(long count) {
        if (end - wordStart < 2) {
            end = wordStart;
            return;
        }
        starts = FlatArrays.ensure(starts, size + 1);
        lengths = FlatArrays.ensure(lengths, size + 1);
        counts = FlatArrays.ensure(counts, size + 1);
        starts[size] = wordStart;
        lengths[size] = end - wordStart;
        counts[size++] = count;
        wordStart = end;
    }

    int size() {
        return size;
    }

    /** All words' symbols; those of word {@code w} are {@code [start(w), start(w) + length(w))}. */
    int[] symbols() {
        return symbols;
    }

    int start(int word) {
        return starts[word];
    }

    int length(int word) {
        return lengths[word];
    }

    void shorten(int word, int length) {
        lengths[word] = length;
    }

    long count(int word) {
        return counts[word];
    }
}
