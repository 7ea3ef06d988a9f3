package io.textloom.runtime;

/**
 * What a decoder graph needs to be run.
 *
 * @param kvHeads heads of the KV cache
 * @param positions longest context; unit: tokens
 */
public record DecoderShape(int layers, int kvHeads, int headSize, int positions, int vocabularySize) {}
