package io.textloom.generate;

/** Chooses the next token. An instance belongs to one task: it may own scratch memory. */
public interface Sampler {
    /**
     * @param logits float[vocabulary], not changed
     * @param seed the row's own
     * @param position tokens the completion has already
     */
    int sample(float[] logits, long seed, int position);

    /** The sampler the options ask for. */
    static Sampler of(GenerateOptions options, int vocabularySize) {
        return options.sampling().temperature() == 0
                ? new GreedySampler()
                : new RandomSampler(
                        options.sampling().temperature(),
                        options.sampling().topK(),
                        options.sampling().topP(),
                        vocabularySize);
    }
}
