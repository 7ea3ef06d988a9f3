package io.textloom.token.normalize;

import io.textloom.token.unicode.Utf8;

/**
 * Every space becomes a mark, usually {@code ▁}, and one may be put in front of a text that does not begin with it. Source: {@code Metaspace} of tokenizers 0.23.3.
 *
 * @param mark code point
 */
public record MarkedSpaces(int mark, Front front) implements Prefix {
    /** Where a mark is put in front. */
    public enum Front {
        ALWAYS,
        /** Only at the beginning of the original text. */
        FIRST,
        NEVER
    }

    @Override
    public void apply(TextBuffer in, int from, int to, boolean first, TextBuffer out) {
        byte[] text = in.bytes();
        boolean wanted = front == Front.ALWAYS || front == Front.FIRST && first;
        if (wanted && text[from] != ' ' && Utf8.read(text, from) != mark) {
            out.put(mark, in, from);
        }
        int copied = from;
        for (int at = from; at < to; at++) {
            if (text[at] == ' ') {
                out.copy(in, copied, at);
                out.put(mark, in, at);
                copied = at + 1;
            }
        }
        out.copy(in, copied, to);
    }

    @Override
    public boolean asksForFirst() {
        return front == Front.FIRST;
    }
}
