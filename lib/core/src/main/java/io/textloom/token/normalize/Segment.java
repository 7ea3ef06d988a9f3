package io.textloom.token.normalize;

import io.textloom.token.unicode.CodePointSink;
import io.textloom.token.unicode.NormalForm;
import java.util.Arrays;

/**
 * A few characters of a text that are brought into a normal form together, and where each of them stands. Follows the change numbers, so that what comes out has
 * the origins that the reference gives it. Not safe for concurrent use.
 */
final class Segment {
    private final TextBuffer in;
    private final CodePointSink out;
    private int[] chars = new int[16];
    private int[] places = new int[16];
    private int size;
    private int before = -1;
    private int next;
    private int origin = -1;

    /** @param out takes each character; {@link #origin} is its place while it does */
    Segment(TextBuffer in, CodePointSink out) {
        this.in = in;
        this.out = out;
    }

    void add(int codePoint, int at) {
        if (size == chars.length) {
            chars = Arrays.copyOf(chars, 2 * size);
            places = Arrays.copyOf(places, 2 * size);
        }
        chars[size] = codePoint;
        places[size++] = at;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** @param before where the character before the segment stands; -1 if there is none */
    void flush(NormalForm form, int before) {
        this.before = before;
        next = 0;
        form.apply(chars, 0, size, this::accept);
        size = 0;
    }

    /** Where the character of the input stands that the one coming out is from; -1 if it is from none. */
    int origin() {
        return origin;
    }

    private void accept(int codePoint, int change) {
        int from = change > 0 ? next - 1 : next;
        origin = from < 0 ? before : places[Math.min(from, size - 1)];
        if (change <= 0) {
            next += 1 - change;
        }
        out.accept(codePoint, change);
    }

    /** Appends a character with the origin of this segment's. */
    void put(int codePoint, TextBuffer to, int firstChar) {
        if (origin < 0) {
            to.put(codePoint, firstChar, firstChar);
        } else {
            to.put(codePoint, in, origin);
        }
    }
}
