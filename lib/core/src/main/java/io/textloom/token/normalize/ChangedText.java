package io.textloom.token.normalize;

import io.textloom.token.unicode.Utf8;

/**
 * Derives the origins of a rewritten text from change numbers, as {@code NormalizedString::transform} of tokenizers 0.23.3 does, whether they add up or not. Not safe for
 * concurrent use.
 */
final class ChangedText {
    private final TextBuffer in;
    private final int from;
    private final int to;
    private final TextBuffer out;
    private int next;
    private int held = -1;
    private int heldChange;

    /** @param in keeps origins; what is rewritten is {@code [from, to)} */
    ChangedText(TextBuffer in, int from, int to, TextBuffer out) {
        this.in = in;
        this.from = from;
        this.to = to;
        this.out = out;
        next = from;
    }

    /**
     * The next character.
     *
     * @param change 0 if it stands for the next one of the input, 1 if it is put behind that one, -n if the n after that one are gone
     */
    void put(int codePoint, int change) {
        flush();
        held = codePoint;
        heldChange = change;
    }

    /** Adds to the change number of the last character, if there is one. */
    void changeLast(int by) {
        heldChange += by;
    }

    void end() {
        flush();
        held = -1;
    }

    private void flush() {
        if (held < 0) {
            heldChange = 0;
            return;
        }
        if (heldChange > 0) {
            if (next == from) {
                out.put(held, in.start(from), in.start(from));
            } else {
                out.put(held, in, next - 1);
            }
            return;
        }
        out.put(held, in, Math.min(next, to - 1));
        for (int i = 0; i <= -heldChange && next < to; i++) {
            next += Utf8.length(in.bytes()[next]);
        }
    }
}
