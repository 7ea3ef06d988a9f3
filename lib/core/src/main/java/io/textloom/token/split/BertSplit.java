package io.textloom.token.split;

import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;

/** White space is dropped, every punctuation character is a piece. Source: {@code BertPreTokenizer}. */
public final class BertSplit implements PreTokenizer {
    private static final byte WORD = 0;
    private static final byte SPACE = 1;
    private static final byte PUNCTUATION = 2;
    private static final byte[] ASCII = ascii();

    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        int start = from;
        int at = from;
        while (at < to) {
            int lead = text[at];
            int kind;
            int next;
            if (lead >= 0) {
                kind = ASCII[lead];
                next = at + 1;
            } else {
                int codePoint = Utf8.read(text, at);
                kind = kind(codePoint);
                next = at + Utf8.length((byte) lead);
            }
            if (kind != WORD) {
                if (start < at) {
                    pieces.add(start, at);
                }
                if (kind == PUNCTUATION) {
                    pieces.add(at, next);
                }
                start = next;
            }
            at = next;
        }
        if (start < to) {
            pieces.add(start, to);
        }
    }

    private static byte kind(int codePoint) {
        int classes = CharClasses.of(codePoint);
        if ((classes & CharClasses.SPACE) != 0) {
            return SPACE;
        }
        return (classes & CharClasses.PUNCTUATION) != 0 ? PUNCTUATION : WORD;
    }

    private static byte[] ascii() {
        byte[] kinds = new byte[128];
        for (int c = 0; c < 128; c++) {
            kinds[c] = kind(c);
        }
        return kinds;
    }
}
