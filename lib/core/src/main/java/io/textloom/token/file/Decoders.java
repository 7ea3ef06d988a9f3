package io.textloom.token.file;

import io.textloom.token.decode.ByteLevelDecoder;
import io.textloom.token.decode.Decoder;
import io.textloom.token.decode.SpacedDecoder;
import io.textloom.token.decode.WordPieceDecoder;
import java.util.ArrayList;
import java.util.List;

/** Decoders by the names that tokenizer.json gives them. */
final class Decoders {
    private Decoders() {}

    /** Tokens with a space between them. */
    static Decoder none() {
        return new SpacedDecoder();
    }

    /** @throws NotCovered if it is none of ours */
    static Decoder of(Part part) {
        return switch (part.type()) {
            case "ByteLevel" -> new ByteLevelDecoder();
            case "WordPiece" -> new WordPieceDecoder(part.text("prefix", "##"), part.flag("cleanup", true));
            case "Sequence" -> chain(part);
            default -> throw part.notCovered();
        };
    }

    private static Decoder chain(Part part) {
        List<Decoder> steps = new ArrayList<>();
        for (Part step : part.steps("decoders")) {
            steps.add(of(step));
        }
        return Decoder.chain(steps);
    }
}
