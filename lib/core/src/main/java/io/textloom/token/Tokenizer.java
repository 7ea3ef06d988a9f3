package io.textloom.token;

/**
 * Text to token ids and back. Implementations are safe for concurrent use.
 */
public interface Tokenizer extends AutoCloseable {
    /** Ids of the text alone: no special tokens added, no truncation, no padding. Special tokens spelled out in the text are kept as the model's own tokenizer keeps them. */
    int[] encode(String text);

    /** The text of {@code ids[from, to)}, special tokens skipped; incomplete UTF-8 becomes U+FFFD. */
    String decode(int[] ids, int from, int to);

    /** What the model's post-processor puts around a single text. */
    SpecialTokens specialTokens();

    /** Number of ids, added tokens included. */
    int vocabularySize();

    @Override
    void close();
}
