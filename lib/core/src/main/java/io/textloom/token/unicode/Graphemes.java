package io.textloom.token.unicode;

/**
 * Extended grapheme clusters, as the {@code Precompiled} normalizer needs them: it asks its charsmap for whole clusters below six bytes of UTF-8, otherwise for single
 * characters.
 *
 * <p>Source: tokenizers 0.23.3 (crate unicode-segmentation); Unicode Standard Annex 29. Pairs of regional indicators are not joined: they are eight bytes long, so
 * that it makes no difference.
 */
public final class Graphemes {
    // in the order of unicode_tables.py
    private static final int CONTROL = 1;
    private static final int EXTEND = 2;
    /** Extends a cluster but not a conjunct. */
    private static final int EXTEND_ALONE = 3;

    private static final int LINKER = 4;
    private static final int SPACING = 5;
    private static final int JOINER = 6;
    private static final int PREPEND = 7;
    private static final int PICTOGRAPH = 8;
    private static final int CONSONANT = 9;
    private static final int LEAD = 10;
    private static final int VOWEL = 11;
    private static final int TRAIL = 12;
    private static final int LEAD_VOWEL = 13;
    private static final int LEAD_VOWEL_TRAIL = 14;

    private static final char[] BLOCKS;
    private static final int[] CLASSES;

    static {
        TwoStageTable table =
                new TwoStageTable(TableReader.open("graphemes.bin").runs());
        BLOCKS = table.blocks;
        CLASSES = table.entries;
    }

    private Graphemes() {}

    /** Where the cluster that begins at {@code from} ends; {@code from < to}. */
    public static int end(byte[] text, int from, int to) {
        int second = from + Utf8.length(text[from]);
        if (second >= to || text[from] >= ' ' && text[second] >= 0) {
            return second;
        }
        int last = classOf(Utf8.read(text, from));
        if (last == CONTROL) {
            return text[from] == '\r' && text[second] == '\n' ? second + 1 : second;
        }
        boolean picture = last == PICTOGRAPH; // a pictograph and what extends it, up to here
        boolean joined = false; // the same and a joiner
        boolean consonant = last == CONSONANT; // a conjunct may go on
        boolean linked = false; // and has a linker
        for (int i = second; i < to; i += Utf8.length(text[i])) {
            int next = classOf(Utf8.read(text, i));
            boolean extending = next >= EXTEND && next <= JOINER;
            if (!extending
                    && (next == CONTROL
                            || !(last == PREPEND
                                    || joinsSyllable(last, next)
                                    || joined && next == PICTOGRAPH
                                    || linked && next == CONSONANT))) {
                return i;
            }
            joined = picture && next == JOINER;
            picture = next == PICTOGRAPH || picture && next >= EXTEND && next <= LINKER;
            linked = next == LINKER && consonant || linked && (next == EXTEND || next == JOINER);
            consonant = next == CONSONANT || consonant && (next == EXTEND || next == LINKER || next == JOINER);
            last = next;
        }
        return to;
    }

    private static boolean joinsSyllable(int last, int next) {
        return switch (last) {
            case LEAD -> next == LEAD || next == VOWEL || next == LEAD_VOWEL || next == LEAD_VOWEL_TRAIL;
            case VOWEL, LEAD_VOWEL -> next == VOWEL || next == TRAIL;
            case TRAIL, LEAD_VOWEL_TRAIL -> next == TRAIL;
            default -> false;
        };
    }

    private static int classOf(int codePoint) {
        return CLASSES[
                BLOCKS[codePoint >> TwoStageTable.SHIFT] << TwoStageTable.SHIFT | codePoint & TwoStageTable.MASK];
    }
}
