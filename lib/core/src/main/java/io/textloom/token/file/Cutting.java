package io.textloom.token.file;

import io.textloom.token.normalize.Normalizer;
import io.textloom.token.split.PreTokenizer;
import java.util.Optional;

/**
 * What a pre-tokenizer of tokenizer.json comes to.
 *
 * @param prefix rewrites the text first
 * @param byteLevel whether the model's tokens are spelled in the byte alphabet
 */
record Cutting(Optional<Normalizer> prefix, PreTokenizer preTokenizer, boolean byteLevel) {
    static Cutting plain(PreTokenizer preTokenizer) {
        return new Cutting(Optional.empty(), preTokenizer, false);
    }
}
