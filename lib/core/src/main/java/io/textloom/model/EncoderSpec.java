package io.textloom.model;

/** What a user of an encoder needs to know of its shape. */
public interface EncoderSpec {
    /** Width of the token vectors. */
    int hidden();

    /** Number of transformer layers. */
    int layers();

    /** Number of token ids. */
    int vocabulary();

    /** Longest sequence, special tokens included; unit: tokens */
    int maxPositions();

    /** Number of token type ids; 0 if the model has none. */
    int typeVocabulary();

    /**
     * Floating point operations of one sequence, a multiply-add counted as two; embeddings, norms and activations left out.
     *
     * @param tokens length of the sequence, special tokens included
     */
    double flops(int tokens);

    /** {@link #flops} of a transformer whose layers hold {@code linear} weights each and attend over all tokens. */
    static double flops(int layers, double linear, int attended, int tokens) {
        return layers * (2.0 * tokens * linear + 4.0 * tokens * tokens * attended);
    }
}
