package io.textloom.generate;

import io.textloom.tensor.Categorical;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next token. The choice depends on the logits, the history and its seed alone. An instance owns scratch memory and belongs to
 * one thread; it serves all rows with the same options.
 */
interface Sampler {
    /**
     * @param logits float[vocabulary] as the model gave them, overwritten
     * @param allowed tokens a constraint allows, at least one; null for all
     * @return one of those that are allowed; which, where the logits are not numbers, is open
     * @throws IllegalArgumentException if no token is allowed
     */
    int sample(float[] logits, TokenHistory history, @Nullable BitSet allowed);

    /** Whether the next token of a completion of so many, where no constraint limits it, is the likeliest by the model's own logits. */
    boolean isPlainGreedy(int count);

    /** With scratch memory of its own. */
    static Sampler of(SamplingOptions options, int vocabularySize, BitSet endTokens) {
        return of(options, vocabularySize, endTokens, () -> new Categorical(vocabularySize));
    }

    /**
     * The sampler the options ask for.
     *
     * @param endTokens the model's own, which are not chosen before the least length; the options' are added
     * @param distribution scratch memory for the vocabulary; may serve other samplers of the same thread
     * @throws IllegalArgumentException if a token that the options name is not of the vocabulary
     */
    static Sampler of(
            SamplingOptions options, int vocabularySize, BitSet endTokens, Supplier<Categorical> distribution) {
        LogitsProcessors processors = new LogitsProcessors(options, vocabularySize, endTokens);
        return options.temperature() < RandomSampler.LEAST_TEMPERATURE
                ? new GreedySampler(processors)
                : new RandomSampler(options, processors, vocabularySize, distribution.get());
    }
}
