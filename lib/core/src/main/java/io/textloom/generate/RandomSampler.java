package io.textloom.generate;

import io.textloom.tensor.CounterRandom;
import io.textloom.tensor.Logits;
import io.textloom.tensor.Nucleus;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Draws from the model's distribution after temperature, top-k and top-p, in this order; as in Hugging Face transformers, tokens as likely as
 * the k-th are all kept.
 */
final class RandomSampler implements Sampler {
    private final double temperature;
    private final int topK;
    private final double topP;
    private final float[] heap;
    private final int[] ids;
    private final double[] weights;
    private final Nucleus nucleus;

    RandomSampler(double temperature, int topK, double topP, int vocabularySize) {
        this.temperature = temperature;
        this.topK = topK > 0 && topK < vocabularySize ? topK : 0;
        this.topP = topP;
        this.heap = new float[this.topK];
        this.ids = new int[vocabularySize];
        this.weights = new double[vocabularySize];
        this.nucleus = new Nucleus(vocabularySize);
    }

    @Override
    public boolean isPlainGreedy() {
        return false;
    }

    @Override
    public int sample(float[] logits, TokenHistory history, @Nullable BitSet allowed) {
        float least = topK > 0 ? Logits.kthLargest(logits, logits.length, topK, heap) : Float.NEGATIVE_INFINITY;
        int n = Logits.weigh(logits, logits.length, least, temperature, ids, weights);
        if (n == 0) {
            // no logit is a number; the generator rejects the row by the token's probability
            return 0;
        }
        if (topP < 1) {
            n = nucleus.keep(ids, weights, n, topP);
        }
        return Logits.pick(ids, weights, n, CounterRandom.uniform(history.seed, history.count));
    }
}
