package io.textloom.token.split;

import io.textloom.token.pattern.Matcher;
import io.textloom.token.pattern.Pattern;
import io.textloom.token.unicode.Utf8;

/**
 * Cuts at the matches of a pattern, the leftmost first. Source: {@code Split}, {@code Punctuation}, {@code Digits} and others of tokenizers 0.23.3.
 *
 * @param invert whether what is between the matches takes their part
 */
public record PatternSplit(Pattern pattern, CutBehavior behavior, boolean invert) implements PreTokenizer {
    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        Matcher matcher = pattern.matcher();
        int first = pieces.size();
        boolean before = false;
        int start = from;
        int at = from;
        while (at < to) {
            int end = matcher.end(text, at, to);
            if (end < 0) {
                at += Utf8.length(text[at]);
                continue;
            }
            if (start < at) {
                behavior.add(pieces, first, start, at, invert, before);
                before = invert;
            }
            behavior.add(pieces, first, at, end, !invert, before);
            before = !invert;
            start = end;
            at = end;
        }
        if (start < to) {
            behavior.add(pieces, first, start, to, invert, before);
        }
    }
}
