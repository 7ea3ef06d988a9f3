package io.textloom.train.word2vec;

/** A stream of random bits for one block of sentences. Source: Steele, Lea and Flood 2014 (SplitMix64). */
final class Draws {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final float OF_24_BITS = 1f / (1 << 24);

    private long state;

    Draws(long seed) {
        state = seed;
    }

    /** A seed that depends on all three. */
    static long seed(long seed, long epoch, long block) {
        return mix(mix(mix(seed + GOLDEN) + epoch) + block);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** From 0 to 1, 1 never. */
    float fraction() {
        return (next() >>> 40) * OF_24_BITS;
    }

    /** From 0 to {@code bound}, {@code bound} never. */
    int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
