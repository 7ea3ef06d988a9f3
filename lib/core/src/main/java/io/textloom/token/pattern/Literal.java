package io.textloom.token.pattern;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A string that stands for itself. */
public final class Literal implements Pattern, Matcher {
    private final byte[] utf8;

    /** @param text not empty */
    public Literal(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a pattern is empty; expected a text to look for");
        }
        utf8 = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Matcher matcher() {
        return this;
    }

    @Override
    public int end(byte[] text, int at, int to) {
        if (text[at] != utf8[0] || to - at < utf8.length) {
            return -1;
        }
        int end = at + utf8.length;
        return Arrays.equals(text, at, end, utf8, 0, utf8.length) ? end : -1;
    }
}
