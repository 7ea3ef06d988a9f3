package io.textloom.generate;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The most likely token, the first of equals. */
final class GreedySampler implements Sampler {
    private final LogitsProcessors processors;

    GreedySampler(LogitsProcessors processors) {
        this.processors = processors;
    }

    @Override
    public int sample(float[] logits, TokenHistory history, @Nullable BitSet allowed) {
        processors.apply(logits, history, allowed);
        return LogitsProcessors.likeliest(logits, allowed);
    }

    @Override
    public boolean isPlainGreedy(int count) {
        return processors.isNeutral(count);
    }
}
