package io.textloom.runtime;

import io.textloom.tensor.DataType;

/**
 * What a decoder graph needs to be run.
 *
 * @param hidden width of what the layers give
 * @param kvHeads heads of the KV cache
 * @param positions longest context; unit: tokens
 * @param kvType of keys and values
 */
public record DecoderShape(
        int layers, int hidden, int kvHeads, int headSize, int positions, int vocabularySize, DataType kvType) {
    /** Memory that the keys and values of so many tokens take. */
    public long kvBytes(long tokens) {
        return (long) kvType.bytes() * 2 * layers * kvHeads * headSize * tokens;
    }
}
