package io.textloom.token.pattern;

import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;

/**
 * One character of some classes.
 *
 * @param classes bits of {@link CharClasses}
 */
public record AnyOf(int classes) implements Pattern, Matcher {
    @Override
    public Matcher matcher() {
        return this;
    }

    @Override
    public int end(byte[] text, int at, int to) {
        return CharClasses.is(Utf8.read(text, at), classes) ? at + Utf8.length(text[at]) : -1;
    }
}
