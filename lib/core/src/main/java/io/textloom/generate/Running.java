package io.textloom.generate;

/** The sample a slot is decoding. */
final class Running {
    final Pending pending;
    final int sampleIndex;
    final long seed;
    /** Completion tokens so far. */
    final int[] ids;

    int count;
    double logprob;

    Running(Pending pending, int sampleIndex, long seed, int maxNewTokens) {
        this.pending = pending;
        this.sampleIndex = sampleIndex;
        this.seed = seed;
        this.ids = new int[maxNewTokens];
    }

    void add(int token, double tokenLogprob) {
        ids[count++] = token;
        logprob += tokenLogprob;
    }

    int last() {
        return ids[count - 1];
    }

    Generated finish(String completion, FinishReason reason) {
        return new Generated(
                pending.request.tag(),
                sampleIndex,
                pending.request.prompt(),
                completion,
                pending.ids.length,
                count,
                pending.dropped,
                reason,
                logprob,
                seed);
    }
}
