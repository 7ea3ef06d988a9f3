package io.textloom.model;

/**
 * How the tokens of a sequence attend to each other in one layer.
 *
 * @param keyHeads heads of keys and values; each serves {@code heads / keyHeads} heads of queries that follow one another
 * @param scale factor on the scores
 * @param causal whether a token attends only to itself and what is before it
 * @param reach how far away a token may be to be attended to; {@link #EVERYWHERE} without a limit; unit: tokens
 */
public record AttentionSpec(
        int heads, int keyHeads, int headSize, float scale, boolean causal, int reach, RopeSpec rope) {
    /** The reach of a layer without a window. */
    public static final int EVERYWHERE = Integer.MAX_VALUE;

    public AttentionSpec {
        check(heads, keyHeads, headSize, rope);
        if (reach < 0) {
            throw new ModelException(
                    "config.json has an attention window that reaches " + reach + " tokens; expected 0 or more");
        }
    }

    /** @throws ModelException unless each head of keys serves as many heads of queries, and rotary positions find pairs to turn */
    static void check(int heads, int keyHeads, int headSize, RopeSpec rope) {
        ConfigValues.positive("num_attention_heads", heads);
        ConfigValues.positive("num_key_value_heads", keyHeads);
        ConfigValues.positive("head_dim", headSize);
        if ((long) heads * headSize > ConfigValues.MAX_SIZE) {
            throw new ModelException("config.json has num_attention_heads " + heads + " and head_dim " + headSize
                    + "; expected at most " + ConfigValues.MAX_SIZE + " together");
        }
        if (heads % keyHeads != 0) {
            throw new ModelException("config.json has num_attention_heads " + heads + " and num_key_value_heads "
                    + keyHeads + "; expected the latter to divide the former");
        }
        if (!rope.isAbsent() && headSize % 2 != 0) {
            throw new ModelException("config.json has head_dim " + headSize
                    + " and rotary embeddings, which turn pairs; expected an even number");
        }
    }

    /** Every head with keys of its own, scores divided by the square root of the head size, no window. */
    static AttentionSpec plain(int hidden, int heads, boolean causal) {
        int headSize = hidden / heads;
        return new AttentionSpec(heads, heads, headSize, scale(headSize), causal, EVERYWHERE, RopeSpec.ABSENT);
    }

    AttentionSpec withReach(int tokens) {
        return new AttentionSpec(heads, keyHeads, headSize, scale, causal, tokens, rope);
    }

    AttentionSpec withScale(float factor) {
        return new AttentionSpec(heads, keyHeads, headSize, factor, causal, reach, rope);
    }

    AttentionSpec withRope(RopeSpec positions) {
        return new AttentionSpec(heads, keyHeads, headSize, scale, causal, reach, positions);
    }

    /** The usual factor on scores. Source: Vaswani et al. 2017 §3.2.1. */
    static float scale(int headSize) {
        return (float) (1 / Math.sqrt(headSize));
    }

    /** Width of the queries, and of what attention gives. */
    public int width() {
        return heads * headSize;
    }

    /** Width of the keys, and of the values. */
    public int keyWidth() {
        return keyHeads * headSize;
    }
}
