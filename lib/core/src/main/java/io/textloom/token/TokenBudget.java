package io.textloom.token;

/**
 * How large a batch may be.
 *
 * @param maxTokens rows times longest row, padding included; a single row may exceed it; unit: tokens
 */
public record TokenBudget(int maxTokens) {
    public TokenBudget {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("A batch of " + maxTokens + " tokens; expected at least 1");
        }
    }

    /** Rows of a batch whose longest row has {@code longest} tokens; at least 1. */
    int rows(int longest) {
        return Math.max(1, maxTokens / longest);
    }
}
