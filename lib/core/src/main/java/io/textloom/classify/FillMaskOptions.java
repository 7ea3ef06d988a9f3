package io.textloom.classify;

import io.textloom.tensor.Precision;
import io.textloom.token.LongDocuments;
import java.io.Serializable;
import java.util.Optional;

/**
 * What the score job's task fill-mask does with each text.
 *
 * @param topK tokens given for each mask
 * @param pairColumn column that holds what is put behind each text, or empty
 * @param maxTokens longest window, special tokens included; 0 for the model's own limit; unit: tokens
 * @param stride overlap of neighbouring windows; -1 for half a window, at most 128; unit: tokens
 * @param precision in which the model computes
 * @param batchTokens padded size of one batch; unit: tokens
 */
public record FillMaskOptions(
        int topK,
        String pairColumn,
        int maxTokens,
        int stride,
        LongDocuments longDocuments,
        Precision precision,
        int batchTokens)
        implements Serializable {
    public FillMaskOptions {
        requireAtLeast("score.topK", topK, 1);
        requireAtLeast("score.maxTokens", maxTokens, 0);
        requireAtLeast("score.stride", stride, -1);
        requireAtLeast("score.batchTokens", batchTokens, 1);
    }

    /** The shipped settings. */
    public static FillMaskOptions defaults() {
        return new FillMaskOptions(5, "", 0, -1, LongDocuments.CHUNK, Precision.FLOAT32, 512);
    }

    /** The column that holds the text to go with each text. */
    public Optional<String> otherColumn() {
        return pairColumn.isEmpty() ? Optional.empty() : Optional.of(pairColumn);
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + "; expected at least " + least);
        }
    }
}
