package io.textloom.token;

/**
 * How sequences are made to fit a model.
 *
 * @param maxTokens longest input, special tokens included; unit: tokens
 * @param stride tokens that a window shares with the one before it; unit: tokens
 * @param fromLeft whether the end of a sequence is kept, not the beginning
 */
public record Truncation(int maxTokens, int stride, TruncationStrategy strategy, boolean fromLeft) {
    public Truncation {
        if (maxTokens < 1 || stride < 0) {
            throw new IllegalArgumentException("A truncation to " + maxTokens + " tokens with a stride of " + stride
                    + " was asked for; expected at least 1 token and a stride of 0 or more");
        }
    }

    /** The beginning is kept; of a pair the longer sequence is cut first. */
    public static Truncation to(int maxTokens) {
        return new Truncation(maxTokens, 0, TruncationStrategy.LONGEST_FIRST, false);
    }
}
