package io.textloom.tensor;

/**
 * Random numbers by position: number {@code index} of the stream {@code seed}, with no state between draws.
 *
 * <p>Source: SplitMix64 (Steele, Lea and Flood 2014), whose n-th output is a hash of {@code seed + n * GAMMA}.
 */
public final class CounterRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private CounterRandom() {}

    /** A stream's seed from a run's seed, a row's id and the number of a sample. */
    public static long derive(long seed, String id, int number) {
        long hash = mix(seed + GAMMA);
        for (int i = 0; i < id.length(); i++) {
            hash = mix(hash + GAMMA + id.charAt(i));
        }
        hash = mix(hash + GAMMA + id.length());
        return mix(hash + GAMMA + number);
    }

    /** Uniform in [0, 1), of 53 random bits. */
    public static double uniform(long seed, long index) {
        return (mix(seed + (index + 1) * GAMMA) >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
