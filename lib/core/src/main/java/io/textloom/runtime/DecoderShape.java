package io.textloom.runtime;

/**
 * What a decoder graph needs to be run.
 *
 * @param kvHeads heads of the KV cache
 * @param positions longest context; unit: tokens
 */
public record DecoderShape(int layers, int kvHeads, int headSize, int positions, int vocabularySize) {
    /** Memory that the keys and values of so many tokens take. */
    public long kvBytes(long tokens) {
        return 4L * 2 * layers * kvHeads * headSize * tokens;
    }
}
