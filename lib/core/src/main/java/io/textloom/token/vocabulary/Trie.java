package io.textloom.token.vocabulary;

import java.util.Arrays;

/**
 * Byte strings with values, walked byte by byte. Immutable after {@link Builder#build} and safe for concurrent use.
 *
 * <p>Edges are an open-addressing table from node and byte to node, so that building is linear whatever the strings are.
 */
public final class Trie {
    public static final int ROOT = 0;

    private final long[] edges;
    private final int[] values;

    private Trie(long[] edges, int[] values) {
        this.edges = edges;
        this.values = values;
    }

    /** The node behind this byte; -1 if no string goes on like that. */
    public int next(int node, byte b) {
        long key = (long) node << 8 | b & 0xff;
        int mask = edges.length - 1;
        for (int slot = slot(key) & mask; ; slot = slot + 1 & mask) {
            long edge = edges[slot];
            if (edge == 0) {
                return -1;
            }
            if (edge >>> 28 == key) {
                return (int) (edge & 0xfffffff);
            }
        }
    }

    /** The node behind these bytes; -1 if no string begins so. */
    public int walk(int node, byte[] text, int from, int to) {
        int at = node;
        for (int i = from; i < to && at >= 0; i++) {
            at = next(at, text[i]);
        }
        return at;
    }

    /** The value of the string that ends at this node; -1 if none does. */
    public int value(int node) {
        return values[node];
    }

    private static int slot(long key) {
        long mixed = key * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 32);
    }

    /** Not safe for concurrent use. */
    public static final class Builder {
        /** Ten times what large vocabularies need; with it memory has a bound. */
        private static final int MAX_NODES = 1 << 24;

        private long[] edges = new long[1 << 12];
        private int[] values = new int[1 << 11];
        private int nodes = 1;

        public Builder() {
            Arrays.fill(values, -1);
        }

        /** A string that is there already gets the new value. */
        public void put(byte[] text, int from, int to, int value) {
            int node = ROOT;
            for (int i = from; i < to; i++) {
                node = step(node, text[i]);
            }
            values[node] = value;
        }

        public Trie build() {
            return new Trie(edges, Arrays.copyOf(values, nodes));
        }

        private int step(int node, byte b) {
            long key = (long) node << 8 | b & 0xff;
            int slot = find(edges, key);
            if (edges[slot] != 0) {
                return (int) (edges[slot] & 0xfffffff);
            }
            if (nodes >= MAX_NODES) {
                throw new IllegalArgumentException("the tokens have more than " + MAX_NODES + " distinct beginnings");
            }
            int made = nodes++;
            edges[slot] = key << 28 | made;
            if (made == values.length) {
                values = Arrays.copyOf(values, 2 * made);
                Arrays.fill(values, made, 2 * made, -1);
            }
            if (2 * nodes > edges.length) {
                grow();
            }
            return made;
        }

        private void grow() {
            long[] larger = new long[2 * edges.length];
            for (long edge : edges) {
                if (edge != 0) {
                    larger[find(larger, edge >>> 28)] = edge;
                }
            }
            edges = larger;
        }

        private static int find(long[] edges, long key) {
            int mask = edges.length - 1;
            int slot = slot(key) & mask;
            while (edges[slot] != 0 && edges[slot] >>> 28 != key) {
                slot = slot + 1 & mask;
            }
            return slot;
        }
    }
}
