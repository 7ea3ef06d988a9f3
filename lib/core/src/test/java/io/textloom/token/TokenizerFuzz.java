package io.textloom.token;

import io.textloom.fuzz.FuzzFiles;
import io.textloom.fuzz.FuzzTarget;
import io.textloom.token.file.NotCovered;
import io.textloom.token.file.Pipelines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A tokenizer.json, and texts encoded and decoded with what it asks for. */
public final class TokenizerFuzz {
    private static final byte[] TEXT =
            " Hello <s> worlds\u0301, the 12 foxes! [MASK]今天天气很好。\u0000🙂\n\n  x".getBytes(StandardCharsets.UTF_8);

    private TokenizerFuzz() {}

    public static FuzzTarget target() {
        Path file = FuzzFiles.directory("tokenizer.json").resolve("tokenizer.json");
        return new FuzzTarget(
                "tokenizer",
                FuzzTarget.Shape.TEXT,
                // what Tokenizers.open makes a TokenizerException of
                Set.of(IOException.class, IllegalArgumentException.class, NotCovered.class, TokenizerException.class),
                32 << 20,
                2000,
                input -> {
                    Files.write(file, input);
                    return use(new NativeTokenizer(Pipelines.read(file)));
                });
    }

    private static long use(Tokenizer tokenizer) {
        Tokens tokens = new Tokens();
        try (tokenizer;
                TokenEncoder encoder = tokenizer.encoder()) {
            encoder.encodeWithOffsets(TEXT, 0, TEXT.length, tokens);
            int size = tokens.size();
            encoder.encode(TEXT, 0, TEXT.length, tokens);
            if (size != tokens.size()) {
                throw new AssertionError(size + " tokens with offsets, " + tokens.size() + " without");
            }
            tokenizer.decode(tokens.ids(), 0, tokens.size());
            tokenizer.template();
            return size;
        }
    }
}
