package io.textloom.token.normalize;

/** Rewrites a text before it is cut. Implementations are immutable and safe for concurrent use. */
public interface Normalizer {
    /**
     * @param in read in {@code [from, to)}
     * @param out the result, appended; keeps origins if it says so, and then {@code in} does
     */
    void normalize(TextBuffer in, int from, int to, TextBuffer out);
}
