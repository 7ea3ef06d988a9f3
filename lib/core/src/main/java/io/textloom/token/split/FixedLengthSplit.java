package io.textloom.token.split;

import io.textloom.token.unicode.Utf8;

/**
 * Pieces of a number of characters; the last may be shorter.
 *
 * @param length unit: characters
 */
public record FixedLengthSplit(int length) implements PreTokenizer {
    public FixedLengthSplit {
        if (length < 1) {
            throw new IllegalArgumentException("FixedLength has the length " + length + "; expected 1 or more");
        }
    }

    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        int start = from;
        while (start < to) {
            int end = start;
            for (int n = 0; n < length && end < to; n++) {
                end += Utf8.length(text[end]);
            }
            pieces.add(start, end);
            start = end;
        }
    }
}
