package io.textloom.train.elmo;

import java.util.Arrays;

/**
 * Foretells tokens by counting: sequences of some length, smoothed by those that are shorter. What an LSTM is to beat. Documents are added, then asked about. Not safe for concurrent use.
 *
 * <p>Sources: Kneser and Ney 1995; interpolated as in Chen and Goodman 1999 §2.7, one discount for each length, n1 / (n1 + 2 n2). Before a document stand as many beginnings as the longest history has tokens.
 */
final class NgramModel {
    /** Before the first token. */
    private static final int BEGINNING = -1;

    private final int order;
    private final int vocabulary;
    /** By length, from 1. Shorter ones count after how many tokens they were seen. */
    private final NgramTable[] tables;
    /** By length of the history, then its number: sum of what follows it, and how many different ones. */
    private int[][] sums;

    private int[][] kinds;
    private final double[] discounts;
    private int[] window = new int[0];

    /** @param order longest sequence that is counted, 2 or more */
    NgramModel(int order, int vocabulary) {
        this.order = order;
        this.vocabulary = vocabulary;
        tables = new NgramTable[order + 1];
        sums = new int[order][16];
        kinds = new int[order][16];
        discounts = new double[order + 1];
        for (int length = 1; length <= order; length++) {
            tables[length] = new NgramTable();
        }
    }

    /** Learns every token of a document but the first. */
    void add(int[] document) {
        for (int place = 1; place < document.length; place++) {
            read(document, place);
            boolean seen = count(order);
            // a longer one that is new is one more token that the shorter one was seen after
            for (int length = order - 1; length >= 1 && !seen; length--) {
                seen = count(length);
            }
        }
        Arrays.fill(discounts, -1);
    }

    /** @return whether it was counted before */
    private boolean count(int length) {
        int history = 0;
        int first = order - length;
        for (int i = 1; i < length; i++) {
            history = tables[i].add(history, window[first + i - 1]);
        }
        int number = tables[length].add(history, window[order - 1]);
        int before = tables[length].counts[number]++;
        sums[length - 1] = roomFor(sums[length - 1], history);
        kinds[length - 1] = roomFor(kinds[length - 1], history);
        sums[length - 1][history]++;
        kinds[length - 1][history] += before == 0 ? 1 : 0;
        return before > 0;
    }

    private static int[] roomFor(int[] numbers, int number) {
        return number < numbers.length ? numbers : Arrays.copyOf(numbers, Math.max(2 * numbers.length, number + 1));
    }

    /** Puts a token and its history into the window, the token last. */
    private void read(int[] document, int place) {
        if (window.length == 0) {
            window = new int[order];
        }
        for (int i = 0; i < order; i++) {
            int at = place - order + 1 + i;
            window[i] = at < 0 ? BEGINNING : document[at];
        }
    }

    /** How likely a token of a document is after those before it. */
    double probability(int[] document, int place) {
        read(document, place);
        double probability = 1.0 / vocabulary;
        for (int length = 1; length <= order; length++) {
            int history = 0;
            int first = order - length;
            for (int i = 1; i < length && history >= 0; i++) {
                history = tables[i].find(history, window[first + i - 1]);
            }
            if (history < 0 || history >= sums[length - 1].length || sums[length - 1][history] == 0) {
                return probability; // a longer history was not seen either
            }
            int number = tables[length].find(history, window[order - 1]);
            int count = number < 0 ? 0 : tables[length].counts[number];
            double discount = discount(length);
            double sum = sums[length - 1][history];
            probability = (Math.max(0, count - discount) + discount * kinds[length - 1][history] * probability) / sum;
        }
        return probability;
    }

    private double discount(int length) {
        if (discounts[length] < 0) {
            double once = tables[length].having(1);
            double twice = tables[length].having(2);
            discounts[length] = once == 0 ? 0.5 : once / (once + 2 * twice);
        }
        return discounts[length];
    }

    /** The loss over every token of a document but the first. */
    LossSum loss(int[] document) {
        double sum = 0;
        for (int place = 1; place < document.length; place++) {
            sum -= Math.log(probability(document, place));
        }
        return new LossSum(sum, Math.max(0, document.length - 1));
    }
}
