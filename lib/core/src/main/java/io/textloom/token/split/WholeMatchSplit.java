package io.textloom.token.split;

/** Cuts by an expression whose matches leave nothing out: every match is a piece. */
abstract class WholeMatchSplit implements PreTokenizer {
    @Override
    public final void split(byte[] text, int from, int to, Pieces pieces) {
        int at = from;
        while (at < to) {
            int end = end(text, at, to);
            pieces.add(at, end);
            at = end;
        }
    }

    /** One past the match that begins at {@code at}; always behind it. */
    abstract int end(byte[] text, int at, int to);
}
