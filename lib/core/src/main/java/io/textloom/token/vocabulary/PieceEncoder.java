package io.textloom.token.vocabulary;

/** One thread's way into a {@link SubwordModel}. Not safe for concurrent use. */
public interface PieceEncoder {
    /**
     * Writes the tokens of {@code text[from, to)}, which is not empty.
     *
     * @param ids written from {@code at} on; has room for a token a byte
     * @param ends beside each id, where the token ends in the text; the first begins at {@code from}, every other where the one before it ends, or, if both
     *     end at the same place, covers the same bytes; unit: bytes
     * @return how many tokens there are
     * @throws IllegalArgumentException if the vocabulary has no token for the piece and none for the unknown
     */
    int encode(byte[] text, int from, int to, int[] ids, int[] ends, int at);

    /**
     * The first place behind {@code from} that no token can cross, so that the text before and behind it may be encoded on its own; {@code to} if there is none or the
     * model cannot tell.
     */
    default int cut(byte[] text, int from, int to) {
        return to;
    }
}
