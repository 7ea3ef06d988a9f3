package io.textloom.token.normalize;

import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;

/**
 * White space at the ends goes.
 *
 * @param left whether at the beginning
 * @param right whether at the end
 */
public record StripNormalizer(boolean left, boolean right) implements Normalizer {
    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        byte[] text = in.bytes();
        int start = from;
        while (left && start < to && isSpace(text, start)) {
            start += Utf8.length(text[start]);
        }
        int end = to;
        while (right && end > start && isSpace(text, Utf8.previous(text, end))) {
            end = Utf8.previous(text, end);
        }
        out.copy(in, start, end);
    }

    private static boolean isSpace(byte[] text, int at) {
        return CharClasses.is(Utf8.read(text, at), CharClasses.SPACE);
    }
}
