package io.textloom.token.normalize;

import io.textloom.token.unicode.CaseMap;
import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.Utf8;

/** Normalizers that look at one character at a time; what comes out has the origin of its character. */
public enum CharwiseNormalizer implements Normalizer {
    /** Every capital becomes small. */
    LOWERCASE {
        @Override
        int map(int codePoint) {
            return CaseMap.lower(codePoint);
        }
    },
    /** Combining marks go; characters are not taken apart for that. */
    STRIP_ACCENTS {
        @Override
        int map(int codePoint) {
            return CharClasses.is(codePoint, CharClasses.COMBINING_MARK) ? REMOVED : codePoint;
        }
    },
    /** The cleaning of neural machine translation: controls go, unusual white space becomes a space. Source: {@code Nmt} of tokenizers 0.23.3. */
    NMT {
        @Override
        int map(int c) {
            if (c < 0x20) {
                return c == 0x9 || c == 0xa || c == 0xc || c == 0xd ? ' ' : c == 0 ? c : REMOVED;
            }
            if (c < 0x7f) {
                return c;
            }
            return switch (c) {
                case 0x7f, 0x8f, 0x9f -> REMOVED;
                case 0x1680, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd -> ' ';
                default -> c;
            };
        }
    };

    private static final int REMOVED = -2;

    /** What a character becomes; negative for none or several. */
    abstract int map(int codePoint);

    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        byte[] text = in.bytes();
        int copied = from;
        int at = from;
        while (at < to) {
            int codePoint = Utf8.read(text, at);
            int mapped = map(codePoint);
            int next = at + Utf8.length(text[at]);
            if (mapped != codePoint) {
                out.copy(in, copied, at);
                copied = next;
                if (mapped >= 0) {
                    out.put(mapped, in, at);
                } else if (mapped != REMOVED) {
                    several(codePoint, in, at, out);
                }
            }
            at = next;
        }
        out.copy(in, copied, to);
    }

    private static void several(int codePoint, TextBuffer in, int at, TextBuffer out) {
        int[] lowered = new int[CaseMap.MAX_LENGTH];
        int n = CaseMap.lower(codePoint, lowered);
        for (int i = 0; i < n; i++) {
            out.put(lowered[i], in, at);
        }
    }
}
