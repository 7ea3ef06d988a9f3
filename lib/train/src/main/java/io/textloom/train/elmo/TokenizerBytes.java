package io.textloom.train.elmo;

import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code tokenizer.json} that travels as its bytes. */
final class TokenizerBytes {
    private TokenizerBytes() {}

    static Tokenizer open(byte[] json) throws IOException {
        Path file = Files.createTempFile("textloom-tokenizer", ".json");
        try {
            Files.write(file, json);
            return Tokenizers.open(file);
        } finally {
            Files.delete(file);
        }
    }
}
