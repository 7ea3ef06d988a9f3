package io.textloom.runtime;

/**
 * How large a batch may be.
 *
 * @param maxTokens rows times longest row, padding included; a single row may exceed it; unit: tokens
 */
public record TokenBudget(int maxTokens) {
    /** Larger batches leave the processor's cache. */
    private static final int CPU_TOKENS = 384;

    /** Fewer do not fill a card. */
    private static final int GPU_TOKENS = 32_768;

    public TokenBudget {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("A batch of " + maxTokens + " tokens; expected at least 1");
        }
    }

    /** @param asked 0 for what suits the device */
    public static TokenBudget of(int asked, Device device) {
        return new TokenBudget(asked > 0 ? asked : device.kind() == Device.Kind.CPU ? CPU_TOKENS : GPU_TOKENS);
    }

    /** Rows of a batch whose longest row has {@code longest} tokens; at least 1. */
    int rows(int longest) {
        return Math.max(1, maxTokens / Math.max(1, longest));
    }
}
