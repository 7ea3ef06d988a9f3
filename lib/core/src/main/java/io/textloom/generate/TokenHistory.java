package io.textloom.generate;

import java.util.Arrays;

/** What one sample holds so far. */
final class TokenHistory {
    final int[] prompt;
    final long seed;
    /** In {@code [0, count)}. */
    int[] completion = new int[16];

    int count;

    TokenHistory(int[] prompt, long seed) {
        this.prompt = prompt;
        this.seed = seed;
    }

    void add(int token) {
        if (count == completion.length) {
            completion = Arrays.copyOf(completion, 2 * count);
        }
        completion[count++] = token;
    }

    int last() {
        return completion[count - 1];
    }
}
