package io.textloom.embed;

import io.textloom.runtime.EncoderStats;

/** Counts of one task's embedding work. Not for concurrent use: one per task. */
public final class EmbedStats extends EncoderStats {
    private long reusedTokens;

    /** A window that had been computed before. */
    void reused(int windowTokens) {
        reusedTokens += windowTokens;
    }

    /** Tokens of windows that were not computed again because the same ones had been; unit: tokens */
    public long reusedTokens() {
        return reusedTokens;
    }
}
