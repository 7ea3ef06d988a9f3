package io.textloom.token.file;

import io.textloom.token.decode.ByteFallbackDecoder;
import io.textloom.token.decode.ByteLevelDecoder;
import io.textloom.token.decode.Decoder;
import io.textloom.token.decode.FusedStripDecoder;
import io.textloom.token.decode.MarkDecoder;
import io.textloom.token.decode.ReplaceDecoder;
import io.textloom.token.decode.SpacedDecoder;
import io.textloom.token.decode.StripDecoder;
import io.textloom.token.decode.SuffixDecoder;
import io.textloom.token.decode.WordPieceDecoder;
import io.textloom.token.normalize.MarkedSpaces.Front;
import java.util.ArrayList;
import java.util.List;

/** Decoders by the names that tokenizer.json gives them. */
final class Decoders {
    /** Whether what came before made one text of all tokens. */
    private boolean fused;

    private final List<Decoder> steps = new ArrayList<>();

    private Decoders() {}

    /** Tokens with a space between them. */
    static Decoder none() {
        return new SpacedDecoder();
    }

    /** @throws NotCovered if it is none of ours */
    static Decoder of(Part part) {
        Decoders decoders = new Decoders();
        decoders.add(part);
        return decoders.steps.size() == 1 ? decoders.steps.get(0) : Decoder.chain(decoders.steps);
    }

    private void add(Part part) {
        switch (part.type()) {
            case "Sequence" -> part.forEachStep("decoders", this::add);
            case "Fuse" -> fused = true;
            case "Strip" -> steps.add(strip(part));
            default -> {
                if (fused) {
                    throw part.notCovered("behind one that puts tokens together");
                }
                steps.add(step(part));
            }
        }
    }

    private Decoder step(Part part) {
        return switch (part.type()) {
            case "ByteLevel" -> {
                fused = true;
                yield new ByteLevelDecoder();
            }
            case "WordPiece" -> new WordPieceDecoder(part.text("prefix", "##"), part.flag("cleanup", true));
            case "Metaspace" -> new MarkDecoder(part.character("replacement"), Metaspaces.front(part) != Front.NEVER);
            case "Replace" -> new ReplaceDecoder(Patterns.of(part), part.text("content"));
            case "ByteFallback" -> new ByteFallbackDecoder();
            case "BPEDecoder" -> new SuffixDecoder(part.filled("suffix", "</w>"));
            default -> throw part.notCovered();
        };
    }

    private Decoder strip(Part part) {
        int content = part.character("content").codePointAt(0);
        int start = part.count("start");
        int stop = part.count("stop");
        return fused ? new FusedStripDecoder(content, start, stop) : new StripDecoder(content, start, stop);
    }
}
