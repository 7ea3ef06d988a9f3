package io.textloom.generate;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Chooses the next token. An instance belongs to one thread: it may own scratch memory. */
interface Sampler {
    /**
     * @param logits float[vocabulary], may be overwritten
     * @param allowed ids that a constraint allows; null for all
     */
    int sample(float[] logits, TokenHistory history, @Nullable BitSet allowed);

    /** Whether the likeliest token is chosen whatever the history. */
    boolean isPlainGreedy();

    /** The sampler the options ask for. */
    static Sampler of(SamplingOptions options, int vocabularySize, BitSet endTokens) {
        return options.temperature() == 0
                ? new GreedySampler()
                : new RandomSampler(options.temperature(), options.topK(), options.topP(), vocabularySize);
    }
}
