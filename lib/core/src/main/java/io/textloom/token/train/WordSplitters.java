package io.textloom.token.train;

import io.textloom.token.normalize.BertNormalizer;
import io.textloom.token.normalize.NormalFormNormalizer;
import io.textloom.token.normalize.Normalizer;
import io.textloom.token.normalize.NormalizerChain;
import io.textloom.token.normalize.ReplaceNormalizer;
import io.textloom.token.normalize.TextBuffer;
import io.textloom.token.pattern.Literal;
import io.textloom.token.pattern.Regex;
import io.textloom.token.split.BertSplit;
import io.textloom.token.split.CutBehavior;
import io.textloom.token.split.Gpt2Split;
import io.textloom.token.split.PatternSplit;
import io.textloom.token.split.Pieces;
import io.textloom.token.split.PreTokenizer;
import io.textloom.token.unicode.NormalForm;
import java.util.List;
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

    /** Words as {@link WordLevelFile} says that they are found. */
    public static WordSplitter words(boolean lowercase) {
        return new PieceSplitter(
                Optional.of(new NormalizerChain(List.of(
                        new NormalFormNormalizer(NormalForm.NFKC),
                        new BertNormalizer(true, true, false, lowercase),
                        new ReplaceNormalizer(new Literal(WordLevelFile.CURLY_APOSTROPHE), WordLevelFile.APOSTROPHE)))),
                new PatternSplit(
                        Regex.compile(WordLevelFile.WORD)
                                .orElseThrow(() -> new IllegalStateException("Our own expression is not understood")),
                        CutBehavior.REMOVED,
                        true));
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
