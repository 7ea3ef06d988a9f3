package io.textloom.token.normalize;

/** A space in front of a text that does not begin with one; it has the origin of the first character. Source: {@code ByteLevel} with {@code add_prefix_space}. */
public final class LeadingSpace implements Prefix {
    @Override
    public void apply(TextBuffer in, int from, int to, boolean first, TextBuffer out) {
        if (in.bytes()[from] != ' ') {
            out.put(' ', in, from);
        }
        out.copy(in, from, to);
    }
}
