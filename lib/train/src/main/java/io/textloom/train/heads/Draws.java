package io.textloom.train.heads;

import java.util.SplittableRandom;

/** Random numbers that follow from a place in the training alone. Not safe for concurrent use. */
final class Draws {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final SplittableRandom random;

    Draws(long seed, int epoch, int stream) {
        this(seed ^ GOLDEN * (epoch + 1L) ^ Long.rotateLeft(GOLDEN * (stream + 1L), 32));
    }

    Draws(long seed) {
        random = new SplittableRandom(seed);
    }

    long next() {
        return random.nextLong();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** The numbers below {@code n} in a drawn order. */
    int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
