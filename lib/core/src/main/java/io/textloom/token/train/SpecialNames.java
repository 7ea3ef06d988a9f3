package io.textloom.token.train;

/** How GPT-2 and BERT spell their special tokens. */
final class SpecialNames {
    static final String END_OF_TEXT = "<|endoftext|>";
    static final String PADDING = "[PAD]";
    static final String UNKNOWN = "[UNK]";
    static final String CLASSIFICATION = "[CLS]";
    static final String SEPARATOR = "[SEP]";
    static final String MASK = "[MASK]";

    private SpecialNames() {}
}
