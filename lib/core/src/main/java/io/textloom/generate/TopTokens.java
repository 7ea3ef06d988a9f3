package io.textloom.generate;

import io.textloom.tensor.Logits;
import io.textloom.tensor.TopK;

/**
 * The k likeliest tokens and the natural logarithms of their probabilities by the model's own logits. Owns scratch memory and is not safe
 * for concurrent use; each call replaces the last one's result.
 */
final class TopTokens {
    private final int k;
    private final TopK topK;
    private final int[] found;
    private final int[] ids;
    private final float[] logits;
    private final double[] scratch;
    private int size;
    private double logSumExp;

    /** @param k from 0; more than the vocabulary has is as many as it has */
    TopTokens(int k, int vocabularySize) {
        this.k = Math.min(k, vocabularySize);
        this.topK = new TopK(Math.max(1, this.k), vocabularySize);
        this.found = new int[vocabularySize];
        this.ids = new int[this.k];
        this.logits = new float[this.k];
        this.scratch = new double[vocabularySize];
    }

    /** @param given float[vocabulary], not changed */
    void set(float[] given) {
        logSumExp = Logits.logSumExp(given, given.length, scratch);
        size = 0;
        if (k == 0) {
            return;
        }
        int count = topK.select(given, given.length, found);
        // equals come by id, so those beyond k drop off
        for (int i = 0; i < count; i++) {
            insert(found[i], given[found[i]]);
        }
    }

    int size() {
        return size;
    }

    /** The likeliest first, the lower id of equals. */
    int id(int rank) {
        return ids[rank];
    }

    double logProbability(int rank) {
        return logProbability(logits[rank]);
    }

    /** Of any token of the given logits, by its logit. */
    double logProbability(float logit) {
        return logit - logSumExp;
    }

    private void insert(int id, float logit) {
        if (size == k && logit <= logits[k - 1]) {
            return;
        }
        int at = size < k ? size++ : k - 1;
        for (; at > 0 && logits[at - 1] < logit; at--) {
            ids[at] = ids[at - 1];
            logits[at] = logits[at - 1];
        }
        ids[at] = id;
        logits[at] = logit;
    }
}
