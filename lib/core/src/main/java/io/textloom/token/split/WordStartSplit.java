package io.textloom.token.split;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A piece begins at every mark that no mark stands before. Not a pre-tokenizer of tokenizer.json: it cuts where a model that is given whole texts would not join anything,
 * so that its pieces are words and can be remembered.
 */
public final class WordStartSplit implements PreTokenizer {
    private final byte[] mark;

    /** @param mark one character */
    public WordStartSplit(String mark) {
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        int start = from;
        int markEnd = is(text, from, to) ? from + mark.length : from;
        for (int at = Math.max(from + 1, markEnd); at < to; at++) {
            if (is(text, at, to)) {
                if (at != markEnd) {
                    pieces.add(start, at);
                    start = at;
                }
                markEnd = at + mark.length;
                at = markEnd - 1;
            }
        }
        if (start < to) {
            pieces.add(start, to);
        }
    }

    private boolean is(byte[] text, int at, int to) {
        return text[at] == mark[0]
                && to - at >= mark.length
                && Arrays.equals(text, at, at + mark.length, mark, 0, mark.length);
    }
}
