package io.textloom.token.file;

import java.util.List;

/**
 * What a pre-tokenizer of tokenizer.json comes to.
 *
 * @param byteLevel whether the model's tokens are spelled in the byte alphabet
 */
record Cutting(List<CutStep> steps, boolean byteLevel) {
    Cutting {
        steps = List.copyOf(steps);
    }
}
