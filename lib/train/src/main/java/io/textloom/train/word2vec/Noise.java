package io.textloom.train.word2vec;

/**
 * Draws words as counter-examples, each as often as its count to the power of 3/4 says, in constant time. Immutable.
 *
 * <p>Sources: Mikolov et al. 2013, Distributed Representations §2.2; Walker 1977 (the alias method).
 */
final class Noise {
    private static final double POWER = 0.75;

    /** Below this of 2^31 a slot's own word is drawn, else its alias. */
    private final int[] own;

    private final int[] alias;

    Noise(long[] counts) {
        int n = counts.length;
        own = new int[n];
        alias = new int[n];
        double sum = 0;
        for (long count : counts) {
            sum += Math.pow(count, POWER);
        }
        double[] share = new double[n];
        int[] small = new int[n];
        int[] large = new int[n];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < n; i++) {
            share[i] = Math.pow(counts[i], POWER) * n / sum;
            if (share[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int under = small[--smalls];
            int over = large[larges - 1];
            own[under] = (int) (share[under] * Integer.MAX_VALUE);
            alias[under] = over;
            share[over] -= 1 - share[under];
            if (share[over] < 1) {
                larges--;
                small[smalls++] = over;
            }
        }
        while (larges > 0) {
            fill(large[--larges]);
        }
        while (smalls > 0) {
            fill(small[--smalls]);
        }
    }

    private void fill(int slot) {
        own[slot] = Integer.MAX_VALUE;
        alias[slot] = slot;
    }

    /** @param random 64 bits */
    int draw(long random) {
        int slot = (int) ((random >>> 32) * own.length >>> 32);
        return (int) (random & Integer.MAX_VALUE) < own[slot] ? slot : alias[slot];
    }
}
