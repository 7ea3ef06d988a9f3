package io.textloom.token;

import java.nio.file.Path;

/** Opens the tokenizer a model folder holds. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * @param tokenizerJson a Hugging Face {@code tokenizer.json}; its padding and truncation settings are not followed
     * @throws TokenizerException if the file is missing or cannot be read
     */
    public static Tokenizer open(Path tokenizerJson) {
        return new DjlTokenizer(tokenizerJson);
    }
}
