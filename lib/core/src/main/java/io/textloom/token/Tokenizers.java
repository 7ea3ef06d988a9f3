package io.textloom.token;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import io.textloom.token.file.NotCovered;
import io.textloom.token.file.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
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
     * @param fileOrFolder a Hugging Face {@code tokenizer.json}, a folder that has one, or one with the older {@code vocab.txt}, or {@code vocab.json} and
     *     {@code merges.txt}, of a BERT, GPT-2 or RoBERTa model; padding and truncation settings are not followed
     * @throws TokenizerException if there is none or it is not sound
     */
    public static Tokenizer open(Path fileOrFolder) {
        Path json = Files.isDirectory(fileOrFolder) ? fileOrFolder.resolve("tokenizer.json") : fileOrFolder;
        Path source = Files.exists(json) ? json : fileOrFolder;
        try {
            return new NativeTokenizer(Pipelines.read(source));
        } catch (NotCovered e) {
            return reference(source, e);
        } catch (IOException | IllegalArgumentException e) {
            throw new TokenizerException(
                    "Cannot read " + source + " as a Hugging Face tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * Loads the library that does what our own tokenizer does not.
     *
     * @return in words
     * @throws RuntimeException if it does not load here
     */
    public static String referenceLibrary() {
        LibUtils.checkStatus();
        return "loaded";
    }

    private static Tokenizer reference(Path source, NotCovered e) {
        if (Files.isDirectory(source)) {
            throw new TokenizerException(
                    "The tokenizer in " + source + " has " + e.getMessage() + ", which Textloom does not do without a"
                            + " tokenizer.json; save the model's fast tokenizer into it (AutoTokenizer.save_pretrained)",
                    e);
        }
        LOG.warn(
                "{} has {}, which Textloom does not do itself; the Hugging Face library does it, at a fraction of the speed",
                source,
                e.getMessage());
        return new DjlTokenizer(source);
    }
}
