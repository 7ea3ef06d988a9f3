package io.textloom.token.normalize;

/** A space in front of a text that does not begin with one; it has the origin of the first character. Source: {@code ByteLevel} with {@code add_prefix_space}. */
public final class LeadingSpace implements Normalizer {
    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        if (from < to && in.bytes()[from] != ' ') {
            out.put(' ', in, from);
        }
        out.copy(in, from, to);
    }
}
