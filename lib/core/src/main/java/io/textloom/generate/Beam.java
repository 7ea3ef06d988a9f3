package io.textloom.generate;

import java.util.Arrays;

/** A completion that beam search goes on with. */
final class Beam {
    final TokenHistory history;
    /** Log-probability after the processors, of all tokens together; negative infinity for a beam that only fills its place. */
    float score;

    private float[] logprobs;

    Beam(TokenHistory history) {
        this(history, new float[history.completion.length]);
    }

    private Beam(TokenHistory history, float[] logprobs) {
        this.history = history;
        this.logprobs = logprobs;
    }

    Beam copy() {
        return new Beam(history.copy(), logprobs.clone());
    }

    void add(int token, float logprob, float newScore) {
        if (history.count == logprobs.length) {
            logprobs = Arrays.copyOf(logprobs, history.count * 2);
        }
        logprobs[history.count] = logprob;
        history.add(token);
        score = newScore;
    }

    Hypothesis finish(int token, float logprob, float finalScore, FinishReason reason) {
        int count = history.count + 1;
        float[] all = Arrays.copyOf(logprobs, count);
        all[count - 1] = logprob;
        return new Hypothesis(Arrays.copyOf(history.completionWith(token), count), all, finalScore, reason);
    }
}
