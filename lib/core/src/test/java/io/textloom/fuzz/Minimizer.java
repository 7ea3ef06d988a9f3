package io.textloom.fuzz;

import java.util.Arrays;

/** Makes an input that breaks a promise smaller, as long as it breaks it in the same way. */
final class Minimizer {
    private static final int MAX_TRIALS = 3000;

    private Minimizer() {}

    static byte[] minimize(Trial trial, byte[] input, Verdict verdict) {
        byte[] best = input;
        int trials = 0;
        for (int chunk = Math.max(1, best.length / 2); chunk >= 1; chunk /= 2) {
            int at = 0;
            while (at < best.length && trials++ < MAX_TRIALS) {
                byte[] shorter = without(best, at, Math.min(best.length, at + chunk));
                if (trial.judge(shorter).like(verdict)) {
                    best = shorter;
                } else {
                    at += chunk;
                }
            }
        }
        return best;
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        byte[] rest = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, rest, from, bytes.length - to);
        return rest;
    }
}
