package io.textloom.token.unicode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What single characters are made of, and which pairs make one.
 *
 * <p>Source: tokenizers 0.23.3, normalizers {@code NFD}, {@code NFKD}, {@code NFC} and {@code NFKC} (crate unicode-normalization-alignments, Unicode 9).
 */
public final class Decomposition {
    /** The longest decomposition of one character (U+FDFA); unit: code points. */
    public static final int MAX_LENGTH = 18;

    private static final int HANGUL = 0xac00;
    private static final int LEADS = 0x1100;
    private static final int VOWELS = 0x1161;
    private static final int TRAILS = 0x11a7;
    private static final int LEAD_COUNT = 19;
    private static final int VOWEL_COUNT = 21;
    private static final int TRAIL_COUNT = 28;
    private static final int SYLLABLE_COUNT = LEAD_COUNT * VOWEL_COUNT * TRAIL_COUNT;

    /** Bits of a property above the combining class: one for each form in which the character is not inert. */
    static final int NOT_INERT = 1 << 8;

    /** Above those: number of the character's decompositions, 0 for none. */
    private static final int NUMBER_SHIFT = 12;

    private static final char[] BLOCKS;
    private static final int[] PROPERTIES;

    /** By number; equal where the compatibility decomposition is the canonical one. A character without a canonical one stands for itself. */
    private static final int[][] CANONICAL;

    private static final int[][] COMPATIBLE;

    /** Open addressing: {@code first << 21 | second}, -1 where free. */
    private static final long[] PAIRS;

    private static final int[] COMPOSED;

    static {
        TableReader reader = TableReader.open("normal.bin");
        int[] properties = reader.runs();
        List<int[]> canonical = new ArrayList<>(List.of(new int[0]));
        reader.strings((c, parts) -> {
            properties[c] |= canonical.size() << NUMBER_SHIFT;
            canonical.add(parts);
        });
        List<int[]> compatible = new ArrayList<>(canonical);
        reader.strings((c, parts) -> {
            int number = properties[c] >> NUMBER_SHIFT;
            if (number > 0) {
                compatible.set(number, parts);
            } else {
                properties[c] |= canonical.size() << NUMBER_SHIFT;
                canonical.add(new int[] {c});
                compatible.add(parts);
            }
        });
        CANONICAL = canonical.toArray(int[][]::new);
        COMPATIBLE = compatible.toArray(int[][]::new);
        TwoStageTable table = new TwoStageTable(properties);
        BLOCKS = table.blocks;
        PROPERTIES = table.entries;

        int pairs = reader.number();
        PAIRS = new long[Integer.highestOneBit(pairs) << 2];
        COMPOSED = new int[PAIRS.length];
        Arrays.fill(PAIRS, -1);
        for (; pairs > 0; pairs--) {
            long pair = pair(reader.number(), reader.number());
            int slot = slot(pair);
            PAIRS[slot] = pair;
            COMPOSED[slot] = reader.number();
        }
    }

    private Decomposition() {}

    /** Canonical combining class; 0 for a starter, and for a character that {@link #canonical} takes apart. */
    public static int combiningClass(int codePoint) {
        return property(codePoint) & 0xff;
    }

    /**
     * The full canonical decomposition, in canonical order.
     *
     * @param into room for {@link #MAX_LENGTH} from {@code at}
     * @return number of code points written, at least 1
     */
    public static int canonical(int codePoint, int[] into, int at) {
        return decompose(codePoint, CANONICAL, into, at);
    }

    /** As {@link #canonical}: the full compatibility decomposition. */
    public static int compatible(int codePoint, int[] into, int at) {
        return decompose(codePoint, COMPATIBLE, into, at);
    }

    private static int decompose(int codePoint, int[][] parts, int[] into, int at) {
        int number = property(codePoint) >> NUMBER_SHIFT;
        if (number > 0) {
            int[] of = parts[number];
            for (int i = 0; i < of.length; i++) {
                into[at + i] = of[i];
            }
            return of.length;
        }
        int syllable = codePoint - HANGUL;
        if (syllable < 0 || syllable >= SYLLABLE_COUNT) {
            into[at] = codePoint;
            return 1;
        }
        into[at] = LEADS + syllable / (VOWEL_COUNT * TRAIL_COUNT);
        into[at + 1] = VOWELS + syllable / TRAIL_COUNT % VOWEL_COUNT;
        int trail = syllable % TRAIL_COUNT;
        if (trail == 0) {
            return 2;
        }
        into[at + 2] = TRAILS + trail;
        return 3;
    }

    /** The one character a pair makes, or a negative number. */
    public static int compose(int first, int second) {
        int lead = first - LEADS;
        int vowel = second - VOWELS;
        if (lead >= 0 && lead < LEAD_COUNT && vowel >= 0 && vowel < VOWEL_COUNT) {
            return HANGUL + (lead * VOWEL_COUNT + vowel) * TRAIL_COUNT;
        }
        int syllable = first - HANGUL;
        int trail = second - TRAILS;
        if (trail > 0
                && trail < TRAIL_COUNT
                && syllable >= 0
                && syllable < SYLLABLE_COUNT
                && syllable % TRAIL_COUNT == 0) {
            return first + trail;
        }
        long pair = pair(first, second);
        int slot = slot(pair);
        return PAIRS[slot] == pair ? COMPOSED[slot] : -1;
    }

    static int property(int codePoint) {
        return PROPERTIES[
                BLOCKS[codePoint >> TwoStageTable.SHIFT] << TwoStageTable.SHIFT | codePoint & TwoStageTable.MASK];
    }

    private static long pair(int first, int second) {
        return (long) first << 21 | second;
    }

    /** Where the pair stands, or the free place where it would. */
    private static int slot(long pair) {
        int slot = (int) (pair * 0x9e3779b97f4a7c15L >>> 40) & PAIRS.length - 1;
        while (PAIRS[slot] != pair && PAIRS[slot] >= 0) {
            slot = slot + 1 & PAIRS.length - 1;
        }
        return slot;
    }
}
