package io.textloom.token.split;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A piece begins at every occurrence of a mark. Source: {@code Metaspace} with {@code split}, whose pieces are the words with their mark in front. */
public final class BeforeSplit implements PreTokenizer {
    private final byte[] mark;

    /** @param mark one character */
    public BeforeSplit(String mark) {
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        int start = from;
        int last = to - mark.length;
        byte lead = mark[0];
        for (int at = from + 1; at <= last; at++) {
            if (text[at] == lead && Arrays.equals(text, at, at + mark.length, mark, 0, mark.length)) {
                pieces.add(start, at);
                start = at;
            }
        }
        if (start < to) {
            pieces.add(start, to);
        }
    }
}
