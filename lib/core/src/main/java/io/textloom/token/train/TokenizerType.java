package io.textloom.token.train;

import java.util.List;

/** The kinds of vocabularies that can be trained. */
public enum TokenizerType {
    /** Byte-level byte pair encoding, as of GPT-2. Source: Radford et al. 2019 §2.2. */
    BPE("byte-level BPE", List.of(SpecialNames.END_OF_TEXT)) {
        @Override
        public TrainedTokenizer train(CountedWords words, TrainTokenizerOptions options, TrainProgress progress) {
            return BpeTrainer.train(words, options, progress);
        }
    },
    /** WordPiece with {@code ##} before continuations, as of BERT. Source: Devlin et al. 2019 §3. */
    WORDPIECE(
            "WordPiece",
            List.of(
                    SpecialNames.PADDING,
                    SpecialNames.UNKNOWN,
                    SpecialNames.CLASSIFICATION,
                    SpecialNames.SEPARATOR,
                    SpecialNames.MASK)) {
        @Override
        public TrainedTokenizer train(CountedWords words, TrainTokenizerOptions options, TrainProgress progress) {
            return WordPieceTrainer.train(words, options, progress);
        }
    };

    private final String title;
    private final List<String> specialTokens;

    TokenizerType(String title, List<String> specialTokens) {
        this.title = title;
        this.specialTokens = specialTokens;
    }

    /** As written in sentences. */
    public String title() {
        return title;
    }

    /** The special tokens a tokenizer of this type has where none are named; they get the first ids. */
    public List<String> specialTokens() {
        return specialTokens;
    }

    /**
     * Makes the vocabulary.
     *
     * @throws IllegalArgumentException if the vocabulary size does not hold the special tokens and the alphabet
     */
    public abstract TrainedTokenizer train(CountedWords words, TrainTokenizerOptions options, TrainProgress progress);
}
