package io.textloom.generate;

import io.textloom.tensor.Categorical;
import io.textloom.tensor.CounterRandom;
import io.textloom.tensor.TopK;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Draws from the model's distribution after the processors, then temperature, top-k, top-p and min-p, in this order. As in Hugging Face
 * transformers tokens as likely as the k-th are all kept, and logits are divided by the temperature in 32 bits.
 */
final class RandomSampler implements Sampler {
    /** Below it decoding is greedy: quotients by so little may not be finite. */
    static final double LEAST_TEMPERATURE = 1e-20;

    private final LogitsProcessors processors;
    private final float temperature;
    private final @Nullable TopK topK;
    private final double topP;
    private final double minP;
    private final Categorical distribution;

    RandomSampler(SamplingOptions options, LogitsProcessors processors, int vocabularySize, Categorical distribution) {
        this.processors = processors;
        this.temperature = (float) options.temperature();
        boolean limited = options.topK() > 0 && options.topK() < vocabularySize;
        this.topK = limited ? new TopK(options.topK(), vocabularySize) : null;
        this.topP = options.topP();
        this.minP = options.minP();
        this.distribution = distribution;
    }

    @Override
    public int sample(float[] logits, TokenHistory history, @Nullable BitSet allowed) {
        return distribute(logits, history, allowed)
                ? distribution.pick(CounterRandom.uniform(history.seed, history.count))
                : LogitsProcessors.likeliest(logits, allowed);
    }

    @Override
    public boolean isPlainGreedy(int count) {
        return false;
    }

    /** @return false if the logits make no distribution, as they are not numbers */
    boolean distribute(float[] logits, TokenHistory history, @Nullable BitSet allowed) {
        processors.apply(logits, history, allowed);
        if (temperature != 1) {
            for (int i = 0; i < logits.length; i++) {
                logits[i] /= temperature;
            }
        }
        boolean given =
                topK == null ? distribution.set(logits, logits.length) : distribution.set(logits, logits.length, topK);
        if (given && topP < 1) {
            distribution.keepShare(topP);
        }
        if (given && minP > 0) {
            distribution.keepRelative(minP);
        }
        return given;
    }

    /** What the last draw was from. */
    Categorical distribution() {
        return distribution;
    }
}
