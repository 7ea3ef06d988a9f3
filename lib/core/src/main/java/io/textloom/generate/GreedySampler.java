package io.textloom.generate;

import io.textloom.tensor.Logits;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The most likely token, the first of equals. */
final class GreedySampler implements Sampler {
    @Override
    public int sample(float[] logits, TokenHistory history, @Nullable BitSet allowed) {
        return Logits.argmax(logits, logits.length);
    }

    @Override
    public boolean isPlainGreedy() {
        return true;
    }
}
