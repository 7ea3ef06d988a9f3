package io.textloom.token;

/**
 * One thread's way into a {@link Tokenizer}: owns buffers and a cache of words, so that the hot path allocates nothing.
 *
 * <p>Not safe for concurrent use. {@link #close} gives it back to its tokenizer.
 */
public interface TokenEncoder extends AutoCloseable {
    /**
     * Ids of a text alone: no special tokens added, no truncation, no padding.
     *
     * @param utf8 well-formed UTF-8 in {@code [from, to)}; not kept
     * @param into cleared first
     * @throws TokenizerException if the tokenizer fails on this text
     */
    void encode(byte[] utf8, int from, int to, Tokens into);

    /** The same ids, and the characters each token covers; unit: Unicode code points from the start of the text. */
    void encodeWithOffsets(byte[] utf8, int from, int to, Tokens into);

    /** Lone surrogates become U+FFFD. */
    default void encode(String text, Tokens into) {
        byte[] utf8 = Utf16.toUtf8(text);
        encode(utf8, 0, utf8.length, into);
    }

    /** Lone surrogates become U+FFFD. */
    default void encodeWithOffsets(String text, Tokens into) {
        byte[] utf8 = Utf16.toUtf8(text);
        encodeWithOffsets(utf8, 0, utf8.length, into);
    }

    @Override
    void close();
}
