package io.textloom.token.file;

import io.textloom.token.decode.Decoder;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.vocabulary.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts a pipeline together from a tokenizer file. */
public final class Pipelines {
    private Pipelines() {}

    /**
     * @param fileOrFolder a {@code tokenizer.json}, whose truncation and padding settings are not followed, or a folder with {@code vocab.txt}, or with
     *     {@code vocab.json} and {@code merges.txt}
     * @throws IOException if a file cannot be read or is not JSON
     * @throws IllegalArgumentException if it is not a sound tokenizer
     * @throws NotCovered if it is sound but asks for something that is not here
     */
    public static Pipeline read(Path fileOrFolder) throws IOException {
        TokenizerJson json =
                Files.isDirectory(fileOrFolder) ? VocabularyFiles.read(fileOrFolder) : TokenizerJson.read(fileOrFolder);
        Parts parts = new Parts(json);
        Cutting cutting =
                parts.read("pre_tokenizer", "pre-tokenizer", PreTokenizers::of).orElse(new Cutting(List.of(), false));
        Optional<Models.Built> model = parts.model(cutting.byteLevel());
        Optional<Normalizer> normalizer = parts.read("normalizer", "normalizer", Normalizers::of);
        PostProcessors processors = parts.read("post_processor", "post-processor", PostProcessors::of)
                .orElse(PostProcessors.none());
        Decoder decoder = parts.read("decoder", "decoder", Decoders::of).orElse(Decoders.none());
        checkAdded(
                json,
                model.map(Models.Built::tokens)
                        .orElseGet(() -> json.vocabulary().buildWithRepeats()));
        parts.requireAll();
        checkOrder(json, model.orElseThrow().tokens());
        return pipeline(json, cutting, model.orElseThrow(), normalizer, processors, decoder);
    }

    private static Pipeline pipeline(
            TokenizerJson json,
            Cutting cutting,
            Models.Built model,
            Optional<Normalizer> normalizer,
            PostProcessors processors,
            Decoder decoder) {
        return new Pipeline(
                json.addedTokens(),
                normalizer,
                steps(cutting, model),
                model.model(),
                model.tokens(),
                processors.offsets(),
                processors.template(),
                decoder);
    }

    /** Pieces end where words do, if that leaves the tokens as they are: words are remembered, whole texts are not. */
    private static List<CutStep> steps(Cutting cutting, Models.Built model) {
        List<CutStep> steps = new ArrayList<>(cutting.steps());
        model.words().ifPresent(words -> steps.add(CutStep.of(words)));
        return steps;
    }

    /**
     * The reference numbers added tokens that the model does not have itself, from the size of the vocabulary on, whatever the file says.
     *
     * @throws NotCovered if that gives other numbers than the file's, or may do so
     */
    private static void checkOrder(TokenizerJson json, Vocabulary tokens) {
        int next = json.vocabulary().size();
        for (AddedToken token : json.addedTokens()) {
            if (tokens.id(token.content()) < 0) {
                if (token.id() != next || tokens.size() != json.vocabulary().size()) {
                    throw new NotCovered("the added token \"" + Part.cut(token.content()) + "\" with the id "
                            + token.id() + ", where the library counts " + next);
                }
                next++;
            }
        }
    }

    /** @throws IllegalArgumentException if an added token has another token's id or two have the same */
    private static void checkAdded(TokenizerJson json, Vocabulary tokens) {
        Set<Integer> ids = new HashSet<>();
        Set<String> contents = new HashSet<>();
        for (AddedToken token : json.addedTokens()) {
            if (token.id() >= Vocabulary.MAX_SIZE) {
                throw new IllegalArgumentException("the added token \"" + token.content() + "\" has the id "
                        + token.id() + "; expected less than " + Vocabulary.MAX_SIZE);
            }
            int inModel = tokens.id(token.content());
            boolean other = inModel >= 0 ? inModel != token.id() : tokens.has(token.id());
            if (other || !ids.add(token.id()) || !contents.add(token.content())) {
                throw new IllegalArgumentException("the added token \"" + token.content() + "\" has the id "
                        + token.id() + ", which is " + (other ? "not its id in the vocabulary" : "another one's")
                        + "; expected one id for a token");
            }
        }
    }
}
