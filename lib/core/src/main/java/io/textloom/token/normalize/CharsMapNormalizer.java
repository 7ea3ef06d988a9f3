package io.textloom.token.normalize;

import io.textloom.token.unicode.Graphemes;
import io.textloom.token.unicode.Utf8;

/**
 * Applies a charsmap to grapheme clusters of less than six bytes, and to the characters of those that have no rule or are longer. Source: {@code Precompiled} of
 * tokenizers 0.23.3.
 */
public record CharsMapNormalizer(CharsMap map) implements Normalizer {
    private static final int WHOLE_BYTES = 6;

    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        Writer writer = in.aligned() ? new AlignedWriter(in, from, to, out) : new PlainWriter(in, from, to, out);
        byte[] text = in.bytes();
        for (int at = from; at < to; ) {
            int end = Graphemes.end(text, at, to);
            int whole = end - at < WHOLE_BYTES ? map.find(text, at, end) : CharsMap.NONE;
            if (whole != CharsMap.NONE) {
                writer.replace(at, end, map.texts(), whole, map.end(whole));
                at = end;
                continue;
            }
            if (at + Utf8.length(text[at]) == end) {
                writer.keep(at, end);
                at = end;
                continue;
            }
            while (at < end) {
                int next = at + Utf8.length(text[at]);
                int found = map.find(text, at, next);
                if (found == CharsMap.NONE) {
                    writer.keep(at, next);
                } else {
                    writer.replace(at, next, map.texts(), found, map.end(found));
                }
                at = next;
            }
        }
        writer.end();
    }

    /** Takes the text in order. */
    private interface Writer {
        void keep(int from, int to);

        void replace(int from, int to, byte[] by, int byFrom, int byTo);

        void end();
    }

    /** Copies what stays in one go. */
    private static final class PlainWriter implements Writer {
        private final TextBuffer in;
        private final TextBuffer out;
        private final int to;
        private int copied;

        PlainWriter(TextBuffer in, int from, int to, TextBuffer out) {
            this.in = in;
            this.out = out;
            this.to = to;
            copied = from;
        }

        @Override
        public void keep(int from, int to) {}

        @Override
        public void replace(int from, int to, byte[] by, int byFrom, int byTo) {
            out.copy(in, copied, from);
            out.put(by, byFrom, byTo);
            copied = to;
        }

        @Override
        public void end() {
            out.copy(in, copied, to);
        }
    }

    /** Gives every character the change number that the reference gives it; a removed one changes the number of the last before it, if there is one. */
    private static final class AlignedWriter implements Writer {
        private final byte[] text;
        private final ChangedText changed;

        AlignedWriter(TextBuffer in, int from, int to, TextBuffer out) {
            text = in.bytes();
            changed = new ChangedText(in, from, to, out);
        }

        @Override
        public void keep(int from, int to) {
            changed.put(Utf8.read(text, from), 0);
        }

        @Override
        public void replace(int from, int to, byte[] by, int byFrom, int byTo) {
            int made = characters(by, byFrom, byTo);
            int more = made - characters(text, from, to);
            int n = 0;
            for (int i = byFrom; i < byTo; i += Utf8.length(by[i])) {
                changed.put(Utf8.read(by, i), n++ >= made - more ? 1 : 0);
            }
            if (more < 0) {
                changed.changeLast(more);
            }
        }

        @Override
        public void end() {
            changed.end();
        }

        private static int characters(byte[] text, int from, int to) {
            int characters = 0;
            for (int i = from; i < to; i++) {
                characters += (text[i] & 0xc0) != 0x80 ? 1 : 0;
            }
            return characters;
        }
    }
}
