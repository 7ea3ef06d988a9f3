package io.textloom.token.split;

import io.textloom.token.unicode.Utf8;

/**
 * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,D}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}, every match a piece: the split of Llama 3
 * (D = 3) and Qwen 2 (D = 1).
 */
public final class Cl100kSplit extends WholeMatchSplit {
    private final int maxDigits;

    /** @param maxDigits longest piece of numbers; unit: characters */
    public Cl100kSplit(int maxDigits) {
        this.maxDigits = maxDigits;
    }

    @Override
    int end(byte[] text, int at, int to) {
        byte lead = text[at];
        if (lead == '\'') {
            int end = Contractions.ANY_CASE.end(text, at, to);
            if (end > 0) {
                return end;
            }
        }
        int kind = CharKind.at(text, at);
        if (kind == CharKind.LETTER) {
            return CharKind.runEnd(text, at, to, CharKind.LETTER);
        }
        if (kind == CharKind.NUMBER) {
            return digitsEnd(text, at, to);
        }
        int next = at + Utf8.length(lead);
        int nextKind = next < to ? CharKind.at(text, next) : CharKind.SPACE;
        if (nextKind == CharKind.LETTER && lead != '\r' && lead != '\n') {
            return CharKind.runEnd(text, next, to, CharKind.LETTER);
        }
        if (kind == CharKind.OTHER || lead == ' ' && nextKind == CharKind.OTHER) {
            int end = CharKind.runEnd(text, kind == CharKind.OTHER ? at : next, to, CharKind.OTHER);
            while (end < to && isLineBreak(text[end])) {
                end++;
            }
            return end;
        }
        int runEnd = CharKind.runEnd(text, at, to, CharKind.SPACE);
        for (int i = runEnd - 1; i >= at; i--) {
            if (isLineBreak(text[i])) {
                return i + 1;
            }
        }
        return CharKind.spaceEnd(text, at, runEnd, to);
    }

    private int digitsEnd(byte[] text, int at, int to) {
        int end = at;
        for (int n = 0; n < maxDigits && end < to && CharKind.at(text, end) == CharKind.NUMBER; n++) {
            end += Utf8.length(text[end]);
        }
        return end;
    }

    private static boolean isLineBreak(byte b) {
        return b == '\n' || b == '\r';
    }
}
