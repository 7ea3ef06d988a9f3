package io.textloom.token.train;

import java.util.Arrays;

/** Arrays that grow by half. */
final class FlatArrays {
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private FlatArrays() {}

    static byte[] ensure(byte[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, grown(array.length, length));
    }

    static int[] ensure(int[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, grown(array.length, length));
    }

    static long[] ensure(long[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, grown(array.length, length));
    }

    static int[][] ensure(int[][] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, grown(array.length, length));
    }

    private static int grown(int now, int least) {
        return (int) Math.min(LONGEST, Math.max(least, now + (now >> 1) + 16L));
    }
}
