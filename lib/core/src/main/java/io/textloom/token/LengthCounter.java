package io.textloom.token;

import java.util.TreeMap;

/** Counts documents by length. Not safe for concurrent use. */
public final class LengthCounter {
    private final long[] bins = new long[Lengths.bin(Integer.MAX_VALUE) + 1];
    private int max;

    /** @param tokens length of one document */
    public void add(int tokens) {
        bins[Lengths.bin(tokens)]++;
        max = Math.max(max, tokens);
    }

    public Lengths lengths() {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        for (int bin = 0; bin < bins.length; bin++) {
            if (bins[bin] > 0) {
                counts.put(bin, bins[bin]);
            }
        }
        return new Lengths(counts, max);
    }
}
