package io.textloom.token.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Byte pair encoding as the paper has it: before every merge all pairs are counted anew. Words of letters of one byte. */
final class NaiveMerges {
    final List<String> vocabulary;
    final List<TokenPair> merges = new ArrayList<>();

    /** Whether two merges made the same token; the vocabulary ends before the second. */
    boolean sameTokenTwice;

    private final String continuation;
    private final Map<List<String>, Long> words = new HashMap<>();

    /** @param vocabulary special tokens and alphabet, in the order of their ids */
    NaiveMerges(Map<String, Long> counts, List<String> vocabulary, String continuation) {
        this.vocabulary = new ArrayList<>(vocabulary);
        this.continuation = continuation;
        counts.forEach((word, count) -> {
            List<String> symbols = new ArrayList<>();
            for (int i = 0; i < word.length(); i++) {
                symbols.add((i == 0 ? "" : continuation) + word.charAt(i));
            }
            words.put(symbols, count);
        });
    }

    void run(int size, long minFrequency, int maxTokenLength) {
        while (vocabulary.size() < size && !sameTokenTwice) {
            Map<TokenPair, Long> pairs = count();
            TokenPair best = null;
            for (TokenPair pair : pairs.keySet()) {
                boolean fits = maxTokenLength == 0 || letters(merged(pair)) <= maxTokenLength;
                if (fits && pairs.get(pair) >= minFrequency && (best == null || isBefore(pair, best, pairs))) {
                    best = pair;
                }
            }
            if (best == null) {
                return;
            }
            if (vocabulary.contains(merged(best))) {
                sameTokenTwice = true;
                return;
            }
            merges.add(best);
            vocabulary.add(merged(best));
            replace(best);
        }
    }

    private Map<TokenPair, Long> count() {
        Map<TokenPair, Long> pairs = new HashMap<>();
        words.forEach((symbols, count) -> {
            for (int i = 0; i + 1 < symbols.size(); i++) {
                pairs.merge(new TokenPair(symbols.get(i), symbols.get(i + 1)), count, Long::sum);
            }
        });
        return pairs;
    }

    private boolean isBefore(TokenPair a, TokenPair b, Map<TokenPair, Long> pairs) {
        int byCount = Long.compare(pairs.get(b), pairs.get(a));
        int byLeft = Integer.compare(vocabulary.indexOf(a.left()), vocabulary.indexOf(b.left()));
        int byRight = Integer.compare(vocabulary.indexOf(a.right()), vocabulary.indexOf(b.right()));
        return byCount < 0 || byCount == 0 && (byLeft < 0 || byLeft == 0 && byRight < 0);
    }

    private void replace(TokenPair pair) {
        Map<List<String>, Long> before = new HashMap<>(words);
        words.clear();
        before.forEach((symbols, count) -> {
            List<String> after = new ArrayList<>();
            for (int i = 0; i < symbols.size(); i++) {
                boolean here = symbols.get(i).equals(pair.left())
                        && i + 1 < symbols.size()
                        && symbols.get(i + 1).equals(pair.right());
                after.add(here ? merged(pair) : symbols.get(i));
                i += here ? 1 : 0;
            }
            words.merge(after, count, Long::sum);
        });
    }

    private String merged(TokenPair pair) {
        return pair.left() + pair.right().substring(continuation.length());
    }

    private int letters(String token) {
        return token.length() - (!continuation.isEmpty() && token.startsWith(continuation) ? continuation.length() : 0);
    }
}
