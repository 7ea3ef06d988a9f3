package io.textloom.token.file;

import io.textloom.token.normalize.Prefix;
import io.textloom.token.split.PreTokenizer;
import java.util.Optional;

/**
 * One pre-tokenizer: what it rewrites in each piece of the one before, and where it cuts what comes out.
 *
 * @param prefix empty if it only cuts
 */
public record CutStep(Optional<Prefix> prefix, PreTokenizer cut) {
    static CutStep of(PreTokenizer cut) {
        return new CutStep(Optional.empty(), cut);
    }

    static CutStep of(Prefix prefix, PreTokenizer cut) {
        return new CutStep(Optional.of(prefix), cut);
    }
}
