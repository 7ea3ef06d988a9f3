package io.textloom.token.unicode;

import java.util.Arrays;

/**
 * The four Unicode normal forms as the reference makes them, with the change numbers from which it derives offsets.
 *
 * <p>Source: tokenizers 0.23.3 (crate unicode-normalization-alignments, Unicode 9). The numbers go with the characters through canonical reordering; composing
 * adds them up and takes one off.
 */
public enum NormalForm {
    // in the order of the bits of normal.bin
    NFD(false, false),
    NFKD(true, false),
    NFC(false, true),
    NFKC(true, true);

    private final boolean compatible;
    private final boolean composes;
    private final int notInert = Decomposition.NOT_INERT << ordinal();

    NormalForm(boolean compatible, boolean composes) {
        this.compatible = compatible;
        this.composes = composes;
    }

    /**
     * Whether the character stays as it is and leaves what stands before it alone: a text of inert characters is its own normal form, every change 0, and a text may
     * be cut in front of an inert character and normalized in parts. An inert character may change if one that is not inert follows.
     */
    public boolean isInert(int codePoint) {
        return (Decomposition.property(codePoint) & notInert) == 0;
    }

    /** Normalizes {@code codePoints[from, to)}. Allocates only when a character is not inert. */
    public void apply(int[] codePoints, int from, int to, CodePointSink out) {
        Segment segment = null;
        int at = from;
        while (at < to) {
            int end = at + 1;
            while (end < to && !isInert(codePoints[end])) {
                end++;
            }
            if (end == at + 1 && isInert(codePoints[at])) {
                out.accept(codePoints[at], 0);
            } else {
                if (segment == null) {
                    segment = new Segment(end - at);
                }
                segment.decompose(codePoints, at, end, compatible);
                segment.order();
                if (composes) {
                    segment.compose();
                }
                segment.emit(out);
            }
            at = end;
        }
    }

    /** An inert character and those behind it that are not: nothing in it depends on what stands around it. */
    private static final class Segment {
        /** Beyond this, marks are sorted by counting, so that the time stays linear. */
        private static final int MAX_INSERTION = 32;

        private int[] chars;
        private int[] changes;
        private int size;

        Segment(int characters) {
            chars = new int[characters + Decomposition.MAX_LENGTH];
            changes = new int[chars.length];
        }

        void decompose(int[] codePoints, int from, int to, boolean compatible) {
            size = 0;
            for (int i = from; i < to; i++) {
                if (size + Decomposition.MAX_LENGTH > chars.length) {
                    chars = Arrays.copyOf(chars, 2 * chars.length + Decomposition.MAX_LENGTH);
                    changes = Arrays.copyOf(changes, chars.length);
                }
                int parts = compatible
                        ? Decomposition.compatible(codePoints[i], chars, size)
                        : Decomposition.canonical(codePoints[i], chars, size);
                changes[size] = 0;
                Arrays.fill(changes, size + 1, size + parts, 1);
                size += parts;
            }
        }

        /** Sorts each run of marks by combining class, equal ones in the order of the text. */
        void order() {
            for (int i = 0; i < size; ) {
                int end = i;
                while (end < size && Decomposition.combiningClass(chars[end]) != 0) {
                    end++;
                }
                if (end - i > MAX_INSERTION) {
                    count(i, end);
                } else {
                    insert(i, end);
                }
                i = end + 1;
            }
        }

        private void insert(int from, int to) {
            for (int i = from + 1; i < to; i++) {
                int mark = chars[i];
                int change = changes[i];
                int ccc = Decomposition.combiningClass(mark);
                int j = i;
                for (; j > from && Decomposition.combiningClass(chars[j - 1]) > ccc; j--) {
                    chars[j] = chars[j - 1];
                    changes[j] = changes[j - 1];
                }
                chars[j] = mark;
                changes[j] = change;
            }
        }

        private void count(int from, int to) {
            int[] starts = new int[257];
            for (int i = from; i < to; i++) {
                starts[Decomposition.combiningClass(chars[i]) + 1]++;
            }
            for (int ccc = 0; ccc < 256; ccc++) {
                starts[ccc + 1] += starts[ccc];
            }
            int[] marks = Arrays.copyOfRange(chars, from, to);
            int[] marksChanges = Arrays.copyOfRange(changes, from, to);
            for (int i = 0; i < marks.length; i++) {
                int place = from + starts[Decomposition.combiningClass(marks[i])]++;
                chars[place] = marks[i];
                changes[place] = marksChanges[i];
            }
        }

        /** Composes in place; a mark is blocked by one of its class or higher between it and the starter. */
        void compose() {
            int starter = -1;
            int lastClass = -1; // of the marks kept behind the starter; -1 for none
            int kept = 0;
            for (int i = 0; i < size; i++) {
                int c = chars[i];
                int change = changes[i];
                int ccc = Decomposition.combiningClass(c);
                if (starter >= 0 && lastClass < ccc) {
                    int composed = Decomposition.compose(chars[starter], c);
                    if (composed >= 0) {
                        chars[starter] = composed;
                        changes[starter] += change - 1;
                        continue;
                    }
                }
                if (ccc == 0) {
                    starter = kept;
                    lastClass = -1;
                } else {
                    lastClass = ccc;
                }
                chars[kept] = c;
                changes[kept++] = change;
            }
            size = kept;
        }

        void emit(CodePointSink out) {
            for (int i = 0; i < size; i++) {
                out.accept(chars[i], changes[i]);
            }
        }
    }
}
