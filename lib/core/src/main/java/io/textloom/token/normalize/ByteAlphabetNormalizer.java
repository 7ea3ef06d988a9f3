package io.textloom.token.normalize;

import io.textloom.token.vocabulary.ByteAlphabet;

/** Every byte becomes its character of the byte alphabet. Source: the normalizer {@code ByteLevel} of tokenizers 0.23.3. */
public final class ByteAlphabetNormalizer implements Normalizer {
    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        for (int at = from; at < to; at++) {
            out.put(ByteAlphabet.character(in.bytes()[at] & 0xff), in, at);
        }
    }
}
