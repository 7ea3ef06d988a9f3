package io.textloom.embed;

import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import java.io.Serializable;
import java.util.List;

/**
 * What the embed job does with each document.
 *
 * @param pooling token vectors to one vector; {@link PoolingOption#MODEL} takes the folder's own
 * @param layers hidden states that are averaged: 0 is the embeddings, 1 the first layer, -1 the last
 * @param tokenVectors whether each token's vector is given, too; always with {@link PoolingOption#NONE}
 * @param normalize whether vectors are scaled to length 1; {@link NormalizeOption#MODEL} takes the folder's own
 * @param maxTokens longest window, special tokens included; 0 for the model's own limit; unit: tokens
 * @param stride overlap of neighbouring windows of a long document; unit: tokens
 * @param longDocuments what happens to a document of more than {@code maxTokens}
 * @param combine what becomes of the vectors of a document's windows
 * @param dimensions keep only the first dimensions (Matryoshka) and normalise again; 0 keeps all
 * @param prompt put before every text, or empty; {@code model:NAME} takes the prompt of that name from the folder
 * @param precision in which the model computes
 * @param vectorType in which vectors are stored
 * @param batchTokens padded size of one batch; 0 for what suits the device; unit: tokens
 */
public record EmbedOptions(
        PoolingOption pooling,
        List<Integer> layers,
        boolean tokenVectors,
        NormalizeOption normalize,
        int maxTokens,
        int stride,
        LongDocuments longDocuments,
        Combine combine,
        int dimensions,
        String prompt,
        Precision precision,
        VectorType vectorType,
        int batchTokens)
        implements Serializable {
    public EmbedOptions {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("embed.layers is empty; expected -1 for the last layer, or several");
        }
        requireAtLeast("embed.maxTokens", maxTokens, 0);
        requireAtLeast("embed.stride", stride, 0);
        requireAtLeast("embed.dimensions", dimensions, 0);
        requireAtLeast("embed.batchTokens", batchTokens, 0);
        tokenVectors = tokenVectors || pooling == PoolingOption.NONE;
        if (tokenVectors && combine != Combine.NONE) {
            throw new IllegalArgumentException(
                    "embed.combine is " + combine.name().toLowerCase(java.util.Locale.ROOT)
                            + " but token vectors are asked for, which no mean combines; expected none");
        }
        if (tokenVectors && vectorType != VectorType.FLOAT32) {
            throw new IllegalArgumentException("embed.vectorType is "
                    + vectorType.name().toLowerCase(java.util.Locale.ROOT)
                    + " but token vectors are asked for, which are stored as float32 alone; expected float32");
        }
    }

    /** The shipped settings. */
    public static EmbedOptions defaults() {
        return new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                false,
                NormalizeOption.MODEL,
                0,
                0,
                LongDocuments.CHUNK,
                Combine.NONE,
                0,
                "",
                Precision.FLOAT32,
                VectorType.FLOAT32,
                0);
    }

    /** The same in another precision. */
    public EmbedOptions withPrecision(Precision other) {
        return new EmbedOptions(
                pooling,
                layers,
                tokenVectors,
                normalize,
                maxTokens,
                stride,
                longDocuments,
                combine,
                dimensions,
                prompt,
                other,
                vectorType,
                batchTokens);
    }

    /** The same with another way to take long documents. */
    public EmbedOptions withLongDocuments(LongDocuments other) {
        return new EmbedOptions(
                pooling,
                layers,
                tokenVectors,
                normalize,
                maxTokens,
                stride,
                other,
                combine,
                dimensions,
                prompt,
                precision,
                vectorType,
                batchTokens);
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + "; expected at least " + least);
        }
    }
}
