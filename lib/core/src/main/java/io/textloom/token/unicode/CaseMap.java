package io.textloom.token.unicode;

import java.util.ArrayList;
import java.util.List;

/**
 * Lower case of single characters, context left aside: a capital sigma is always σ.
 *
 * <p>Source: tokenizers 0.23.3, normalizers {@code Lowercase} and {@code BertNormalizer} (Rust's {@code char::to_lowercase}).
 */
public final class CaseMap {
    /** The longest lower case of one character; unit: code points. */
    public static final int MAX_LENGTH = 3;

    /** Instead of a difference: the character becomes several. */
    private static final int SEVERAL = Integer.MIN_VALUE;

    private static final char[] BLOCKS;

    /** Lower case minus character. */
    private static final int[] DIFFERENCES;

    /** Few: U+0130 alone in this version. Each entry is the character and then its lower case. */
    private static final int[][] LONG;

    static {
        int[] differences = new int[TableReader.CODE_POINTS];
        List<int[]> several = new ArrayList<>();
        TableReader.open("lowercase.bin").strings((c, text) -> {
            if (text.length == 1) {
                differences[c] = text[0] - c;
                return;
            }
            differences[c] = SEVERAL;
            int[] entry = new int[1 + text.length];
            entry[0] = c;
            System.arraycopy(text, 0, entry, 1, text.length);
            several.add(entry);
        });
        TwoStageTable table = new TwoStageTable(differences);
        BLOCKS = table.blocks;
        DIFFERENCES = table.entries;
        LONG = several.toArray(int[][]::new);
    }

    private CaseMap() {}

    /**
     * @param into at least {@link #MAX_LENGTH} long; its beginning is overwritten with the lower case
     * @return number of code points written, at least 1
     */
    public static int lower(int codePoint, int[] into) {
        int single = lower(codePoint);
        if (single >= 0) {
            into[0] = single;
            return 1;
        }
        for (int[] entry : LONG) {
            if (entry[0] == codePoint) {
                System.arraycopy(entry, 1, into, 0, entry.length - 1);
                return entry.length - 1;
            }
        }
        throw new AssertionError(codePoint);
    }

    /** The lower case if it is one code point, otherwise a negative number. */
    public static int lower(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= 'A' && codePoint <= 'Z' ? codePoint + ('a' - 'A') : codePoint;
        }
        int difference = DIFFERENCES[
                BLOCKS[codePoint >> TwoStageTable.SHIFT] << TwoStageTable.SHIFT | codePoint & TwoStageTable.MASK];
        return difference == SEVERAL ? -1 : codePoint + difference;
    }
}
