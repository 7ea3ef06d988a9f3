package io.textloom.embed;

import java.io.Serializable;

/**
 * What the embed job does with each document.
 *
 * @param pooling token vectors to one vector; {@link PoolingOption#MODEL} takes the folder's own
 * @param normalize whether vectors are scaled to length 1; {@link NormalizeOption#MODEL} takes the folder's own
 * @param maxTokens longest window, special tokens included; 0 for the model's own limit; unit: tokens
 * @param stride overlap of neighbouring windows of a long document; unit: tokens
 * @param longDocuments what happens to a document of more than {@code maxTokens}
 * @param dimensions keep only the first dimensions (Matryoshka) and normalise again; 0 keeps all
 * @param prompt put before every text, or empty; {@code model:NAME} takes the prompt of that name from the folder
 * @param batchTokens padded size of one batch; unit: tokens
 */
public record EmbedOptions(
        PoolingOption pooling,
        NormalizeOption normalize,
        int maxTokens,
        int stride,
        LongDocuments longDocuments,
        int dimensions,
        String prompt,
        int batchTokens)
        implements Serializable {
    public EmbedOptions {
        requireAtLeast("embed.maxTokens", maxTokens, 0);
        requireAtLeast("embed.stride", stride, 0);
        requireAtLeast("embed.dimensions", dimensions, 0);
        requireAtLeast("embed.batchTokens", batchTokens, 1);
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + "; expected at least " + least);
        }
    }
}
