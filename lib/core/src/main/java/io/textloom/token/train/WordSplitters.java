package io.textloom.token.train;

import io.textloom.token.normalize.BertNormalizer;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.normalize.TextBuffer;
import io.textloom.token.split.BertSplit;
import io.textloom.token.split.Gpt2Split;
import io.textloom.token.split.Pieces;
import io.textloom.token.split.PreTokenizer;
import java.util.Optional;

/** The one place where a trained tokenizer's normalizer and pre-tokenizer are chosen; {@link TokenizerFiles} writes them down. */
public final class WordSplitters {
    private WordSplitters() {}

    /** Special tokens that are spelled out in a text are words like others, as in Hugging Face's training. */
    public static WordSplitter of(TrainTokenizerOptions options) {
        return switch (options.type()) {
            case BPE -> new PieceSplitter(Optional.empty(), new Gpt2Split());
            case WORDPIECE ->
                new PieceSplitter(
                        Optional.of(new BertNormalizer(true, true, options.lowercase(), options.lowercase())),
                        new BertSplit());
        };
    }

    private static final class PieceSplitter implements WordSplitter {
        private final Optional<Normalizer> normalizer;
        private final PreTokenizer preTokenizer;
        private final TextBuffer original = new TextBuffer();
        private final TextBuffer normalized = new TextBuffer();
        private final Pieces pieces = new Pieces();

        PieceSplitter(Optional<Normalizer> normalizer, PreTokenizer preTokenizer) {
            this.normalizer = normalizer;
            this.preTokenizer = preTokenizer;
        }

        @Override
        public void split(byte[] utf8, int from, int to, Sink sink) {
            original.set(utf8, from, to, false);
            TextBuffer text = original;
            if (normalizer.isPresent()) {
                normalized.clear(false);
                normalizer.get().normalize(original, 0, original.length(), normalized);
                text = normalized;
            }
            pieces.clear();
            preTokenizer.split(text.bytes(), 0, text.length(), pieces);
            for (int i = 0; i < pieces.size(); i++) {
                sink.word(text.bytes(), pieces.from(i), pieces.to(i));
            }
        }
    }
}
