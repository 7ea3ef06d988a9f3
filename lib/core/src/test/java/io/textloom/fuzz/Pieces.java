package io.textloom.fuzz;

import java.util.Arrays;

/**
 * Where the tokens of a text begin: strings in quotes, words and numbers, runs of white space, and single other characters. Brackets match each other where they can, so
 * that a mutation can take a whole part. Understands enough of JSON, templates and regular expressions alike.
 */
final class Pieces {
    private final byte[] text;
    private int[] starts = new int[64];
    private int size;

    Pieces(byte[] text) {
        this.text = text;
        for (int at = 0; at < text.length; at = end(at)) {
            if (size + 1 == starts.length) {
                starts = Arrays.copyOf(starts, 2 * size + 2);
            }
            starts[size++] = at;
        }
        starts[size] = text.length;
    }

    int size() {
        return size;
    }

    int start(int piece) {
        return starts[piece];
    }

    /** The piece one past the bracket that closes this one; the next piece if this is no bracket or has no partner. */
    int partEnd(int piece) {
        int depth = 0;
        for (int p = piece; p < size; p++) {
            byte c = text[starts[p]];
            if (c == '{' || c == '[' || c == '(') {
                depth++;
            } else if (c == '}' || c == ']' || c == ')') {
                depth--;
            }
            if (depth <= 0) {
                return p + 1;
            }
        }
        return piece + 1;
    }

    private int end(int from) {
        byte c = text[from];
        int at = from + 1;
        if (c == '"' || c == '\'') {
            while (at < text.length && text[at] != c) {
                at += text[at] == '\\' ? 2 : 1;
            }
            return Math.min(at + 1, text.length);
        }
        int kind = kind(c);
        while (kind != 0 && at < text.length && kind(text[at]) == kind) {
            at++;
        }
        return at;
    }

    private static int kind(byte c) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            return 1;
        }
        boolean word = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
        return word || c == '_' || c == '.' || c < 0 ? 2 : 0;
    }
}
