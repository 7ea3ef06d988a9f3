package io.textloom.runtime;

/** Counts of one task's work with an encoder. Not for concurrent use: one per task. */
public class EncoderStats {
    private long tokens;
    private long paddedTokens;
    private long batches;
    private double flops;
    private long tokenizeNanos;
    private long modelNanos;

    /** A batch that ran: its real tokens, its tokens with padding, and the useful work. */
    public void batch(long realTokens, long withPadding, double usefulFlops, long nanos) {
        tokens += realTokens;
        paddedTokens += withPadding;
        flops += usefulFlops;
        modelNanos += nanos;
        batches++;
    }

    /** Counts of another's work. */
    public void add(EncoderStats other) {
        tokens += other.tokens;
        paddedTokens += other.paddedTokens;
        batches += other.batches;
        flops += other.flops;
        tokenizeNanos += other.tokenizeNanos;
        modelNanos += other.modelNanos;
    }

    public void tokenized(long nanos) {
        tokenizeNanos += nanos;
    }

    /** Tokens that the model saw, special tokens included, padding not; unit: tokens */
    public long tokens() {
        return tokens;
    }

    /** Tokens with padding; unit: tokens */
    public long paddedTokens() {
        return paddedTokens;
    }

    /** Real tokens per computed token; 1 is best. */
    public double paddingEfficiency() {
        return paddedTokens == 0 ? 1 : (double) tokens / paddedTokens;
    }

    public long batches() {
        return batches;
    }

    /** Operations on real tokens; unit: floating point operations */
    public double flops() {
        return flops;
    }

    /** Time in the tokenizer, summed over callers; unit: ns */
    public long tokenizeNanos() {
        return tokenizeNanos;
    }

    /** Time in the model, summed over callers; unit: ns */
    public long modelNanos() {
        return modelNanos;
    }
}
