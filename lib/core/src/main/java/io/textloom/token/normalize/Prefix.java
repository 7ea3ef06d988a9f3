package io.textloom.token.normalize;

/** What a pre-tokenizer does to a piece of text before it cuts it. Implementations are immutable and safe for concurrent use. */
public interface Prefix {
    /**
     * @param in read in {@code [from, to)}, which is not empty
     * @param first whether the piece begins with the first character of the original text
     * @param out the result, appended; keeps origins if it says so, and then {@code in} does
     */
    void apply(TextBuffer in, int from, int to, boolean first, TextBuffer out);

    /** Whether it makes a difference if a piece is the first. */
    default boolean asksForFirst() {
        return false;
    }
}
