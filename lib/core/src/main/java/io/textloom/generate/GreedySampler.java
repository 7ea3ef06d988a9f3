package io.textloom.generate;

import io.textloom.tensor.Logits;

/** The most likely token, the first of equals. */
final class GreedySampler implements Sampler {
    @Override
    public int sample(float[] logits, long seed, int position) {
        return Logits.argmax(logits, logits.length);
    }
}
