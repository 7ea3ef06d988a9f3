package io.textloom.token.train;

/** The one place where a trained tokenizer's normalizer and pre-tokenizer are chosen. */
public final class WordSplitters {
    private WordSplitters() {}

    public static WordSplitter of(TrainTokenizerOptions options) {
        throw new UnsupportedOperationException(options.type().title());
    }
}
