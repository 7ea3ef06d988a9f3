package io.textloom.token.split;

import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;

/** What the byte-level splits tell apart; every character is exactly one of these. */
final class CharKind {
    static final byte OTHER = 0;
    static final byte LETTER = 1;
    static final byte NUMBER = 2;
    static final byte SPACE = 3;

    private static final byte[] ASCII = ascii();

    private CharKind() {}

    static int at(byte[] text, int at) {
        int lead = text[at];
        return lead >= 0 ? ASCII[lead] : of(Utf8.read(text, at));
    }

    /** One past the last character of the run of this kind that begins at {@code at}. */
    static int runEnd(byte[] text, int at, int to, int kind) {
        int end = at;
        while (end < to) {
            int lead = text[end];
            if (lead >= 0) {
                if (ASCII[lead] != kind) {
                    return end;
                }
                end++;
            } else {
                if (of(Utf8.read(text, end)) != kind) {
                    return end;
                }
                end += Utf8.length((byte) lead);
            }
        }
        return end;
    }

    /**
     * The end of {@code \s+(?!\S)|\s+} where a run of white space begins: a run before other text leaves its last character for what follows.
     *
     * @param runEnd one past the run
     */
    static int spaceEnd(byte[] text, int at, int runEnd, int to) {
        if (runEnd == to) {
            return runEnd;
        }
        int last = Utf8.previous(text, runEnd);
        return last > at ? last : runEnd;
    }

    private static byte of(int codePoint) {
        int classes = CharClasses.of(codePoint);
        if ((classes & CharClasses.LETTER) != 0) {
            return LETTER;
        }
        if ((classes & CharClasses.NUMBER) != 0) {
            return NUMBER;
        }
        return (classes & CharClasses.SPACE) != 0 ? SPACE : OTHER;
    }

    private static byte[] ascii() {
        byte[] kinds = new byte[128];
        for (int c = 0; c < 128; c++) {
            kinds[c] = of(c);
        }
        return kinds;
    }
}
