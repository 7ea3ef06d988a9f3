package io.textloom.token.unicode;

/**
 * Extended grapheme clusters: what a reader takes for one character.
 *
 * <p>Source: UAX 29 §3.1 (GB3 to GB13) with the tables of the crate unicode-segmentation 1.13.3 (Unicode 17), which is in tokenizers 0.23.3.
 */
public final class Graphemes {
    private static final int ANY = 0;
    private static final int CR = 1;
    private static final int LF = 2;
    private static final int CONTROL = 3;
    private static final int EXTEND = 4;
    private static final int ZWJ = 5;
    private static final int SPACING_MARK = 6;
    private static final int PREPEND = 7;
    private static final int L = 8;
    private static final int V = 9;
    private static final int T = 10;
    private static final int LV = 11;
    private static final int LVT = 12;
    private static final int PICTOGRAPH = 13;
    private static final int CONSONANT = 14;
    private static final int REGIONAL = 15;
    private static final int CLASS_MASK = 15;
    private static final int INDIC_EXTEND = 16;
    private static final int INDIC_LINKER = 32;

    private static final char[] BLOCKS;
    private static final int[] ENTRIES;

    static {
        TwoStageTable table =
                new TwoStageTable(TableReader.open("graphemes.bin").runs());
        BLOCKS = table.blocks;
        ENTRIES = table.entries;
    }

    private Graphemes() {}

    /** Where the cluster ends that begins at {@code from}; {@code from < to}. */
    public static int end(byte[] text, int from, int to) {
        int next = from + Utf8.length(text[from]);
        if (next >= to || text[from] >= ' ' && text[next] >= 0) {
            return next;
        }
        int before = of(Utf8.read(text, from));
        boolean pictograph = (before & CLASS_MASK) == PICTOGRAPH; // and marks behind it
        boolean joined = false; // by a joiner behind those
        boolean consonant = (before & CLASS_MASK) == CONSONANT; // and marks behind it
        boolean linked = false; // by a linker among those
        boolean oddRegional = (before & CLASS_MASK) == REGIONAL;
        while (next < to) {
            int after = of(Utf8.read(text, next));
            int kind = after & CLASS_MASK;
            if (!joins(before & CLASS_MASK, kind)
                    && !(kind == PICTOGRAPH && joined)
                    && !(kind == CONSONANT && consonant && linked)
                    && !(kind == REGIONAL && oddRegional)) {
                return next;
            }
            joined = kind == ZWJ && pictograph;
            pictograph = kind == PICTOGRAPH || kind == EXTEND && pictograph;
            linked = kind != CONSONANT && (linked || (after & INDIC_LINKER) != 0);
            consonant = kind == CONSONANT || consonant && (after & (INDIC_EXTEND | INDIC_LINKER)) != 0;
            oddRegional = kind == REGIONAL && !oddRegional;
            before = after;
            next += Utf8.length(text[next]);
        }
        return to;
    }

    private static boolean joins(int before, int after) {
        if (before == CR && after == LF) {
            return true;
        }
        if (before == CR || before == LF || before == CONTROL || after == CR || after == LF || after == CONTROL) {
            return false;
        }
        return switch (after) {
            case EXTEND, ZWJ, SPACING_MARK -> true;
            case L, LV, LVT -> before == L || before == PREPEND;
            case V -> before == L || before == LV || before == V || before == PREPEND;
            case T -> before == LV || before == V || before == LVT || before == T || before == PREPEND;
            case ANY, PREPEND, PICTOGRAPH, CONSONANT, REGIONAL -> before == PREPEND;
            default -> throw new AssertionError(after);
        };
    }

    private static int of(int codePoint) {
        return ENTRIES[
                BLOCKS[codePoint >> TwoStageTable.SHIFT] << TwoStageTable.SHIFT | codePoint & TwoStageTable.MASK];
    }
}
