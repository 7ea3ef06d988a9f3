package io.textloom.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** The UTF-8 of a set of characters as edges; equal tails are shared. */
final class Utf8Edges {
    private static final int[] FIRST_OF_LENGTH = {0, 0x80, 0x800, 0x10000, 0x110000};
    private static final int[] LEAD = {0, 0xc0, 0xe0, 0xf0};

    private final int to;
    private final IntSupplier node;
    private final Edges edges;
    private final Map<List<Integer>, Integer> tails = new HashMap<>();

    private Utf8Edges(int to, IntSupplier node, Edges edges) {
        this.to = to;
        this.node = node;
        this.edges = edges;
    }

    /** Takes an edge. */
    interface Edges {
        void put(int from, int first, int last, int to);
    }

    static void add(CodePoints set, int from, int to, IntSupplier node, Edges edges) {
        Utf8Edges made = new Utf8Edges(to, node, edges);
        for (int length = 1; length <= 4; length++) {
            int[] part = clipped(set, FIRST_OF_LENGTH[length - 1], FIRST_OF_LENGTH[length] - 1);
            if (part.length > 0) {
                made.level(part, from, length - 1, LEAD[length - 1]);
            }
        }
    }

    /**
     * @param ranges firsts and lasts of the values that the bytes from here on spell
     * @param more how many bytes follow this one
     * @param base what is added to this one
     */
    private void level(int[] ranges, int from, int more, int base) {
        int shift = 6 * more;
        int size = 1 << shift;
        int at = 0;
        while (at < ranges.length) {
            int high = ranges[at] >> shift;
            if ((ranges[at] & size - 1) == 0 && (ranges[at + 1] + 1 >> shift) > high) {
                // all of some bytes
                int end = ranges[at + 1] + 1 >> shift;
                edges.put(from, base + high, base + end - 1, tail(new int[] {0, size - 1}, more));
                ranges[at] = end << shift;
            } else {
                List<Integer> below = new ArrayList<>();
                for (int i = at; i < ranges.length && ranges[i] >> shift == high; i += 2) {
                    below.add(ranges[i] & size - 1);
                    below.add(Math.min(ranges[i + 1], (high + 1 << shift) - 1) & size - 1);
                    ranges[i] = Math.max(ranges[i], Math.min(ranges[i + 1] + 1, high + 1 << shift));
                }
                edges.put(
                        from,
                        base + high,
                        base + high,
                        tail(below.stream().mapToInt(v -> v).toArray(), more));
            }
            while (at < ranges.length && ranges[at] > ranges[at + 1]) {
                at += 2;
            }
        }
    }

    private int tail(int[] ranges, int more) {
        if (more == 0) {
            return to;
        }
        List<Integer> key = new ArrayList<>();
        key.add(more);
        Arrays.stream(ranges).forEach(key::add);
        Integer known = tails.get(key);
        if (known == null) {
            known = node.getAsInt();
            tails.put(key, known);
            level(ranges, known, more - 1, 0x80);
        }
        return known;
    }

    private static int[] clipped(CodePoints set, int first, int last) {
        int[] clipped = new int[2 * set.size()];
        int used = 0;
        for (int i = 0; i < set.size(); i++) {
            int from = Math.max(first, set.first(i));
            int to = Math.min(last, set.last(i));
            if (from <= to) {
                clipped[used++] = from;
                clipped[used++] = to;
            }
        }
        return Arrays.copyOf(clipped, used);
    }
}
