package io.textloom.token.normalize;

import io.textloom.token.unicode.CaseMap;
import io.textloom.token.unicode.CharClasses;
import io.textloom.token.unicode.NormalForm;
import io.textloom.token.unicode.Utf8;

/**
 * BERT's cleaning in one pass: controls go, white space becomes a space, Chinese characters get spaces around them, accents and capitals go. Immutable and safe
 * for concurrent use.
 *
 * <p>Source: Devlin et al. 2019, released tokenizer; {@code BertNormalizer} of tokenizers 0.23.3.
 */
public final class BertNormalizer implements Normalizer {
    private final boolean clean;
    private final boolean chinese;
    private final boolean accents;
    private final boolean lower;
    private final byte[] ascii = new byte[128];
    private final byte[] actions = new byte[0x10000];

    /**
     * @param clean whether controls are dropped and white space becomes a space
     * @param chinese whether Chinese characters get spaces around them
     * @param accents whether accents are taken off
     * @param lower whether capitals become small
     */
    public BertNormalizer(boolean clean, boolean chinese, boolean accents, boolean lower) {
        this.clean = clean;
        this.chinese = chinese;
        this.accents = accents;
        this.lower = lower;
        for (int c = 0; c < 128; c++) {
            boolean removed = clean && CharClasses.is(c, CharClasses.CLEAN_REMOVED);
            boolean space = clean && CharClasses.is(c, CharClasses.CLEAN_SPACE);
            ascii[c] = (byte) (removed ? REMOVED : space ? ' ' : lower ? CaseMap.lower(c) : c);
        }
        for (int c = 128; c < actions.length; c++) {
            actions[c] = action(c);
        }
    }

    /** In the table of ASCII; every other entry is a character. */
    private static final byte REMOVED = -1;

    /** What becomes of a character of the basic plane, for those of which that is quickly said. */
    private static final byte LOOK_CLOSER = 0;

    private static final byte KEEP = 1;
    private static final byte SURROUND = 2;

    private byte action(int codePoint) {
        int classes = CharClasses.of(codePoint);
        boolean cleaned = clean && (classes & (CharClasses.CLEAN_REMOVED | CharClasses.CLEAN_SPACE)) != 0;
        boolean accented =
                accents && (!NormalForm.NFD.isInert(codePoint) || (classes & CharClasses.NONSPACING_MARK) != 0);
        boolean capital = lower && CaseMap.lower(codePoint) != codePoint;
        if (cleaned || accented || capital) {
            return LOOK_CLOSER;
        }
        return chinese && (classes & CharClasses.CHINESE) != 0 ? SURROUND : KEEP;
    }

    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        new Pass(in, from, to, out).run();
    }

    private final class Pass {
        private final TextBuffer in;
        private final byte[] text;
        private final int from;
        private final int to;
        private final TextBuffer out;
        private final int[] lowered = new int[CaseMap.MAX_LENGTH];
        private @org.jspecify.annotations.Nullable Segment marks;

        Pass(TextBuffer in, int from, int to, TextBuffer out) {
            this.in = in;
            this.text = in.bytes();
            this.from = from;
            this.to = to;
            this.out = out;
        }

        void run() {
            int at = from;
            while (at < to) {
                if (text[at] >= 0) {
                    at = ascii(at);
                } else {
                    int quick = in.aligned() ? at : quick(at);
                    at = quick > at ? quick : other(at);
                }
            }
        }

        /** Copies a run of characters that stay as they are, spaces around the Chinese; stops at any other. */
        private int quick(int start) {
            int at = start;
            out.reserve(3 * (to - at));
            byte[] into = out.bytes();
            int length = out.length();
            while (at < to && text[at] < 0 && text[at] < (byte) 0xf0) {
                byte action = actions[Utf8.read(text, at)];
                if (action == LOOK_CLOSER) {
                    break;
                }
                int end = at + Utf8.length(text[at]);
                if (action == SURROUND) {
                    into[length++] = ' ';
                }
                while (at < end) {
                    into[length++] = text[at++];
                }
                if (action == SURROUND) {
                    into[length++] = ' ';
                }
            }
            out.setLength(length);
            return at;
        }

        /** Copies a run of ASCII. */
        private int ascii(int start) {
            int at = start;
            out.reserve(to - at);
            if (in.aligned()) {
                for (; at < to && text[at] >= 0; at++) {
                    byte mapped = ascii[text[at]];
                    if (mapped != REMOVED) {
                        out.put(mapped, in, at);
                    }
                }
                return at;
            }
            byte[] into = out.bytes();
            int length = out.length();
            for (; at < to; at++) {
                byte c = text[at];
                if (c < 0) {
                    break;
                }
                byte mapped = ascii[c];
                into[length] = mapped;
                length += mapped >>> 31 ^ 1;
            }
            out.setLength(length);
            return at;
        }

        /** One character that is not ASCII, or a run of them that decompose together. */
        private int other(int at) {
            int codePoint = Utf8.read(text, at);
            int next = at + Utf8.length(text[at]);
            int classes = CharClasses.of(codePoint);
            if (clean && (classes & (CharClasses.CLEAN_REMOVED | CharClasses.CLEAN_SPACE)) != 0) {
                if ((classes & CharClasses.CLEAN_REMOVED) == 0) {
                    out.put(' ', in, at);
                }
                return next;
            }
            boolean spaced = chinese && (classes & CharClasses.CHINESE) != 0;
            if (spaced) {
                out.put(' ', in, at);
            }
            int end = next;
            if (!accents || NormalForm.NFD.isInert(codePoint)) {
                lower(codePoint, at);
            } else if (spaced) {
                segment().add(codePoint, at);
                segment().flush(NormalForm.NFD, at);
            } else {
                end = decompose(at);
            }
            if (spaced) {
                out.put(' ', in, at);
            }
            return end;
        }

        /** From a character that is not inert to the next that is; what cleaning drops between them does not part them. */
        private int decompose(int start) {
            Segment segment = segment();
            int at = start;
            for (; at < to; at += Utf8.length(text[at])) {
                int codePoint = Utf8.read(text, at);
                int classes = CharClasses.of(codePoint);
                if (clean && (classes & CharClasses.CLEAN_REMOVED) != 0) {
                    continue;
                }
                boolean apart = clean && (classes & CharClasses.CLEAN_SPACE) != 0
                        || chinese && (classes & CharClasses.CHINESE) != 0;
                if (apart || NormalForm.NFD.isInert(codePoint)) {
                    break;
                }
                segment.add(codePoint, at);
            }
            segment.flush(NormalForm.NFD, before(start));
            return at;
        }

        /** Where the last character stands that cleaning left before {@code at}; -1 if there is none. */
        private int before(int at) {
            int before = at;
            while (in.aligned() && before > from) {
                before = Utf8.previous(text, before);
                if (!clean || !CharClasses.is(Utf8.read(text, before), CharClasses.CLEAN_REMOVED)) {
                    return before;
                }
            }
            return -1;
        }

        private Segment segment() {
            Segment found = marks;
            if (found == null) {
                found = new Segment(in, this::part);
                marks = found;
            }
            return found;
        }

        private void part(int codePoint, int change) {
            if (!CharClasses.is(codePoint, CharClasses.NONSPACING_MARK)) {
                int n = lower ? CaseMap.lower(codePoint, lowered) : same(codePoint);
                for (int i = 0; i < n; i++) {
                    segment().put(lowered[i], out, in.aligned() ? in.start(from) : 0);
                }
            }
        }

        private int same(int codePoint) {
            lowered[0] = codePoint;
            return 1;
        }

        /** Appends a character that is its own decomposition. */
        private void lower(int codePoint, int at) {
            if (accents && CharClasses.is(codePoint, CharClasses.NONSPACING_MARK)) {
                return;
            }
            int single = lower ? CaseMap.lower(codePoint) : codePoint;
            if (single >= 0) {
                out.put(single, in, at);
                return;
            }
            int n = CaseMap.lower(codePoint, lowered);
            for (int i = 0; i < n; i++) {
                out.put(lowered[i], in, at);
            }
        }
    }
}
