package io.textloom.generate;

import java.util.Arrays;

/** A completion that beam search found. */
final class Hypothesis {
    /** The end token included, if there is one; not to be changed. */
    final int[] ids;
    /** Log-probability of each token by the model's own logits; float[ids.length], not to be changed. */
    final float[] logprobs;
    /** Log-probability after the processors, of all tokens together, divided by the length to the power of the length penalty. */
    final float score;

    final FinishReason finishReason;

    Hypothesis(int[] ids, float[] logprobs, float score, FinishReason finishReason) {
        this.ids = ids;
        this.logprobs = logprobs;
        this.score = score;
        this.finishReason = finishReason;
    }

    /** Of all tokens together, by the model's own logits. */
    double logprob() {
        double sum = 0;
        for (float logprob : logprobs) {
            sum += logprob;
        }
        return sum;
    }

    @Override
    public String toString() {
        return Arrays.toString(ids) + " " + score + " " + finishReason;
    }
}
