package io.textloom.token.split;

/** No cut at all. */
public final class WholeText implements PreTokenizer {
    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        if (from < to) {
            pieces.add(from, to);
        }
    }
}
