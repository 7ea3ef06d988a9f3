package io.textloom.score;

import io.textloom.token.LongDocuments;
import java.io.Serializable;
import java.util.Optional;

/**
 * What the score job's task log-likelihood does with each text.
 *
 * @param contextColumn column that holds what each text comes after, which is not scored; or empty
 * @param stride overlap of neighbouring windows of a long text; -1 for half a window; unit: tokens
 * @param tokenLogprobs whether rows have every token's
 */
public record LikelihoodOptions(
        String contextColumn, int stride, LongDocuments longDocuments, boolean tokenLogprobs, DecoderOptions decoder)
        implements Serializable {
    public LikelihoodOptions {
        if (stride < -1) {
            throw new IllegalArgumentException("score.stride is " + stride + "; expected at least -1");
        }
    }

    /** The shipped settings. */
    public static LikelihoodOptions defaults() {
        return new LikelihoodOptions("", -1, LongDocuments.CHUNK, false, DecoderOptions.defaults());
    }

    /** The column that holds what each text comes after. */
    public Optional<String> otherColumn() {
        return contextColumn.isEmpty() ? Optional.empty() : Optional.of(contextColumn);
    }
}
