package io.textloom.token.unicode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
        Map<List<Integer>, Integer> known = new HashMap<>();
        List<int[]> distinct = new ArrayList<>();
        int[] last = new int[0];
        for (int b = 0; b < blocks.length; b++) {
            int[] block = Arrays.copyOfRange(values, b << SHIFT, (b + 1) << SHIFT);
            if (Arrays.equals(block, last)) {
                blocks[b] = blocks[b - 1];
                continue;
            }
            last = block;
            List<Integer> key = Arrays.stream(block).boxed().toList();
            blocks[b] = (char) (int) known.computeIfAbsent(key, k -> known.size());
            if (blocks[b] == distinct.size()) {
                distinct.add(block);
            }
        }
        entries = distinct.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
