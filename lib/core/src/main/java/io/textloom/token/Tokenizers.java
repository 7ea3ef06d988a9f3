package io.textloom.token;

import io.textloom.token.file.NotCovered;
import io.textloom.token.file.Pipelines;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the tokenizer a model folder holds. */
public final class Tokenizers {
    private static final Logger LOG = LoggerFactory.getLogger(Tokenizers.class);

    private Tokenizers() {}

    /**
     * Opens our own tokenizer, or, where the file asks for a part that it does not have, the reference's through JNI, which is slower; the log says so.
     *
     * @param tokenizerJson a Hugging Face {@code tokenizer.json}; its padding and truncation settings are not followed
     * @throws TokenizerException if the file is missing or is not a sound tokenizer
     */
    public static Tokenizer open(Path tokenizerJson) {
        try {
            return new NativeTokenizer(Pipelines.read(tokenizerJson));
        } catch (NotCovered e) {
            LOG.warn(
                    "{} has {}, which Textloom does not do itself; the Hugging Face library does it, at a fraction of the speed",
                    tokenizerJson,
                    e.getMessage());
            return new DjlTokenizer(tokenizerJson);
        } catch (IOException | IllegalArgumentException e) {
            throw new TokenizerException(
                    "Cannot read " + tokenizerJson + " as a Hugging Face tokenizer.json: " + e.getMessage(), e);
        }
    }
}
