package io.textloom.token.split;

/** Cuts a normalized text into pieces that no token crosses. Implementations are immutable and safe for concurrent use. */
public interface PreTokenizer {
    /**
     * @param text well-formed UTF-8, with {@link io.textloom.token.normalize.TextBuffer#PADDING} readable bytes behind {@code to}
     * @param pieces in order and not empty; appended
     */
    void split(byte[] text, int from, int to, Pieces pieces);
}
