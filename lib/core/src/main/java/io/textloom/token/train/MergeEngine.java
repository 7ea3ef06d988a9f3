package io.textloom.token.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Merges the most frequent pair of neighbouring symbols again and again. Source: Sennrich et al. 2016 §3.2, with the counts kept up to date instead of made anew.
 *
 * <p>Of pairs with the same count the smaller one, by the left and then the right id, goes first. Two habits of Hugging Face's trainer are kept, so that the result equals
 * its own: a pair's count is not lowered by its own merges, and two merges may make the same token ({@code ab c} and {@code a bc}), which may bring a pair back
 * that was merged before; it is then merged again and its rank is that of the last time. Counts are 64 bits wide, Hugging Face's 32: on corpora where one of theirs overflows the results
 * differ.
 */
final class MergeEngine {
    private final SymbolWords words;
    private final Vocabulary vocabulary;
    private final String continuation;
    private final long minFrequency;
    private final int maxTokenLength;
    private final PairCounts pairs = new PairCounts();
    private final PairQueue queue = new PairQueue();
    private final List<Merge> merges = new ArrayList<>();

    private record Merge(int left, int right) {}

    /**
     * @param words changed by the merges
     * @param vocabulary the alphabet, to which tokens are added
     * @param continuation what the right token of a merge loses at its beginning; empty for nothing
     * @param maxTokenLength unit: symbols of the alphabet; 0 for no limit
     */
    MergeEngine(SymbolWords words, Vocabulary vocabulary, String continuation, long minFrequency, int maxTokenLength) {
        this.words = words;
        this.vocabulary = vocabulary;
        this.continuation = continuation;
        this.minFrequency = Math.max(1, minFrequency);
        this.maxTokenLength = maxTokenLength == 0 ? Integer.MAX_VALUE : maxTokenLength;
    }

    /** Merges until the vocabulary has {@code size} tokens or no pair is frequent enough. */
    List<TokenPair> run(int size, TrainProgress progress) {
        countPairs();
        StepChanges changes = new StepChanges(vocabulary, pairs, queue, minFrequency, maxTokenLength);
        while (vocabulary.size() < size && !queue.isEmpty()) {
            long pair = queue.topPair();
            long count = pairs.get(pair);
            if (count < minFrequency) {
                queue.pop();
            } else if (count != queue.topCount()) {
                queue.recountTop(count);
            } else {
                int[] inWords = queue.topWords();
                queue.pop();
                int left = PairCounts.left(pair);
                int right = PairCounts.right(pair);
                merges.add(new Merge(left, right));
                changes.begin(left, right, merged(left, right));
                for (int word : inWords) {
                    merge(word, left, right, changes);
                }
                changes.apply();
                progress.tokens(vocabulary.size(), size);
            }
        }
        return byRank();
    }

    private int merged(int left, int right) {
        String rest = vocabulary.token(right);
        if (!continuation.isEmpty() && rest.startsWith(continuation)) {
            rest = rest.substring(continuation.length());
        }
        return vocabulary.add(vocabulary.token(left) + rest, vocabulary.length(left) + vocabulary.length(right));
    }

    /** Replaces the pair in one word, from the left. */
    private void merge(int word, int left, int right, StepChanges changes) {
        int[] symbols = words.symbols();
        int start = words.start(word);
        int end = start + words.length(word);
        long count = words.count(word);
        int to = start;
        for (int from = start; from < end; from++) {
            int symbol = symbols[from];
            if (symbol == left && from + 1 < end && symbols[from + 1] == right) {
                from++;
                if (to > start) {
                    changes.before(symbols[to - 1], word, count);
                }
                if (from + 1 < end) {
                    changes.after(symbols[from + 1], word, count);
                }
                symbol = changes.merged();
            }
            symbols[to++] = symbol;
        }
        words.shorten(word, to - start);
    }

    /** Counts the pairs of the alphabet and notes the words of the frequent ones. */
    private void countPairs() {
        int[] symbols = words.symbols();
        for (int word = 0; word < words.size(); word++) {
            long count = words.count(word);
            int last = words.start(word) + words.length(word) - 1;
            for (int i = words.start(word); i < last; i++) {
                pairs.add(PairCounts.pair(symbols[i], symbols[i + 1]), count);
            }
        }
        int[] sizes = new int[pairs.slots()];
        int[][] lists = new int[pairs.slots()][];
        listWords(sizes, lists);
        for (int slot = 0; slot < sizes.length; slot++) {
            if (pairs.isFilled(slot) && pairs.countAt(slot) >= minFrequency) {
                lists[slot] = new int[sizes[slot]];
                sizes[slot] = 0;
            }
        }
        listWords(sizes, lists);
        for (int slot = 0; slot < sizes.length; slot++) {
            if (pairs.isFilled(slot) && pairs.countAt(slot) >= minFrequency) {
                queue.push(pairs.pairAt(slot), pairs.countAt(slot), lists[slot]);
            }
        }
    }

    /** Counts, and where there is a list also writes, the words of each pair; a word once. */
    private void listWords(int[] sizes, int[][] lists) {
        int[] symbols = words.symbols();
        int[] lastWord = new int[sizes.length];
        for (int word = 0; word < words.size(); word++) {
            int last = words.start(word) + words.length(word) - 1;
            for (int i = words.start(word); i < last; i++) {
                int slot = pairs.slot(PairCounts.pair(symbols[i], symbols[i + 1]));
                if (lastWord[slot] != word + 1) {
                    lastWord[slot] = word + 1;
                    int[] list = lists[slot];
                    if (list != null) {
                        list[sizes[slot]] = word;
                    }
                    sizes[slot]++;
                }
            }
        }
    }

    /** Of a pair that was merged twice the last merge stays. */
    private List<TokenPair> byRank() {
        Set<Merge> seen = new HashSet<>();
        List<TokenPair> ranked = new ArrayList<>(merges.size());
        for (int i = merges.size() - 1; i >= 0; i--) {
            Merge merge = merges.get(i);
            if (seen.add(merge)) {
                ranked.add(new TokenPair(vocabulary.token(merge.left), vocabulary.token(merge.right)));
            }
        }
        Collections.reverse(ranked);
        return ranked;
    }
}
