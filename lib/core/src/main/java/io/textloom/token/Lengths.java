package io.textloom.token;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many documents have how many tokens; additive, so the same for any partitioning. Lengths below 1024 are exact; longer ones fall into 128 bins per power
 * of two, whose middle is less than 0.4% off.
 *
 * @param bins documents by bin; a {@link TreeMap} so that it travels
 * @param max the longest, exact; unit: tokens
 */
public record Lengths(TreeMap<Integer, Long> bins, int max) implements Serializable {
    public static final Lengths NONE = new Lengths(new TreeMap<>(), 0);

    private static final int EXACT_BITS = 10;
    private static final int EXACT = 1 << EXACT_BITS;
    private static final int BIN_BITS = 7;

    /** What people ask of lengths; unit: tokens */
    public record Summary(long documents, int p50, int p90, int p99, int max) {}

    public Lengths plus(Lengths other) {
        TreeMap<Integer, Long> sum = new TreeMap<>(bins);
        other.bins.forEach((bin, n) -> sum.merge(bin, n, Long::sum));
        return new Lengths(sum, Math.max(max, other.max));
    }

    public Summary summary() {
        return new Summary(documents(), percentile(0.5), percentile(0.9), percentile(0.99), max);
    }

    private long documents() {
        return bins.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The least length that so large a part of the documents does not exceed; 0 without documents. */
    int percentile(double part) {
        long rank = Math.max(1, (long) Math.ceil(part * documents()));
        long seen = 0;
        for (Map.Entry<Integer, Long> bin : bins.entrySet()) {
            seen += bin.getValue();
            if (seen >= rank) {
                return Math.min(max, middle(bin.getKey()));
            }
        }
        return 0;
    }

    static int bin(int length) {
        if (length < EXACT) {
            return length;
        }
        int power = 31 - Integer.numberOfLeadingZeros(length);
        int part = (length >>> (power - BIN_BITS)) - (1 << BIN_BITS);
        return EXACT + ((power - EXACT_BITS) << BIN_BITS) + part;
    }

    static int middle(int bin) {
        if (bin < EXACT) {
            return bin;
        }
        int power = EXACT_BITS + ((bin - EXACT) >>> BIN_BITS);
        int part = (bin - EXACT) & ((1 << BIN_BITS) - 1);
        int width = 1 << (power - BIN_BITS);
        return ((1 << BIN_BITS) + part) * width + width / 2;
    }
}
