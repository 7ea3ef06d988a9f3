package io.textloom.token.unicode;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * An int for every code point, equal blocks stored once: {@code entries[blocks[c >> SHIFT] << SHIFT | c & MASK]}.
 *
 * <p>Users keep the two arrays in static finals of their own, where the compiler sees constants.
 */
final class TwoStageTable {
    static final int SHIFT = 7;
    static final int MASK = (1 << SHIFT) - 1;

    /** Block number by the upper bits of the code point. */
    final char[] blocks;

    final int[] entries;

    /** @param values one for each code point */
    TwoStageTable(int[] values) {
        blocks = new char[values.length >> SHIFT];
        Map<IntBuffer, Integer> known = new HashMap<>();
        for (int b = 0; b < blocks.length; b++) {
            int from = b << SHIFT;
            if (b > 0 && Arrays.equals(values, from, from + MASK + 1, values, from - MASK - 1, from)) {
                blocks[b] = blocks[b - 1];
                continue;
            }
            IntBuffer block = IntBuffer.wrap(values, from, MASK + 1).slice();
            blocks[b] = (char) (int) known.computeIfAbsent(block, k -> known.size());
        }
        entries = new int[known.size() << SHIFT];
        known.forEach((block, number) -> block.duplicate().get(entries, number << SHIFT, MASK + 1));
    }
}
