package io.textloom.token.split;

import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;

/** {@code \w+|[^\w\s]+}, every match a piece, white space dropped. Source: {@code Whitespace} of tokenizers 0.23.3. */
public final class WordSplit implements PreTokenizer {
    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        int start = from;
        int kind = CharClasses.SPACE;
        int at = from;
        while (at < to) {
            int found = CharClasses.of(Utf8.read(text, at)) & (CharClasses.WORD | CharClasses.SPACE);
            if (found != kind) {
                if (kind != CharClasses.SPACE) {
                    pieces.add(start, at);
                }
                start = at;
                kind = found;
            }
            at += Utf8.length(text[at]);
        }
        if (kind != CharClasses.SPACE && start < to) {
            pieces.add(start, to);
        }
    }
}
