package io.textloom.token.file;

import io.textloom.token.decode.Decoder;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.vocabulary.SubwordModel;
import io.textloom.token.vocabulary.Vocabulary;
import java.util.List;
import java.util.Optional;

/**
 * All parts of a tokenizer, in the order in which a text goes through them.
 *
 * @param added tokens found before the model sees the text
 * @param normalizer rewrites the text between added tokens that are looked for in the original
 * @param cuts pre-tokenizers, on what is left between all added tokens
 * @param tokens the model's tokens as the file spells them
 * @param offsets how the reference trims white space off offsets
 * @param template special tokens around one sequence or a pair
 */
public record Pipeline(
        List<AddedToken> added,
        Optional<Normalizer> normalizer,
        List<CutStep> cuts,
        SubwordModel model,
        Vocabulary tokens,
        OffsetTrim offsets,
        Template template,
        Decoder decoder) {
    public Pipeline {
        added = List.copyOf(added);
        cuts = List.copyOf(cuts);
    }
}
