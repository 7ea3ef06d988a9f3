package io.textloom.spark.stage;

import java.io.Serializable;

/**
 * Counts of one task's work; additive.
 *
 * @param tokens tokens the model or the output saw, padding not counted
 * @param paddedTokens the same with padding
 * @param truncatedRows documents of which something was cut
 * @param droppedTokens tokens cut
 * @param modelNanos time inside the model
 * @param tokenizerNanos time inside the tokenizer
 * @param usefulFlops floating-point operations spent on real tokens
 */
public record Meter(
        long tokens,
        long paddedTokens,
        long truncatedRows,
        long droppedTokens,
        long modelNanos,
        long tokenizerNanos,
        double usefulFlops)
        implements Serializable {
    public static final Meter ZERO = new Meter(0, 0, 0, 0, 0, 0, 0);

    public Meter plus(Meter other) {
        return new Meter(
                tokens + other.tokens,
                paddedTokens + other.paddedTokens,
                truncatedRows + other.truncatedRows,
                droppedTokens + other.droppedTokens,
                modelNanos + other.modelNanos,
                tokenizerNanos + other.tokenizerNanos,
                usefulFlops + other.usefulFlops);
    }
}
