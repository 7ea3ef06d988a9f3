package io.textloom.constrain;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Nodes and edges of a grammar over bytes: an edge takes a byte of a range, nothing, or a whole text of a rule. Only edges from which an end can be reached are
 * kept. Immutable and safe for concurrent use.
 */
final class Network {
    /** What {@code first} of an edge is that takes nothing; below it, of one that takes a rule. */
    static final int NOTHING = -1;

    static final long NEVER = Long.MAX_VALUE / 4;

    private final int[] edgeStarts;
    private final int[] firsts;
    private final int[] lasts;
    private final int[] targets;
    private final int[] ruleStarts;
    private final boolean[] ends;
    private final long[] bytesToEnd;

    /**
     * @param nodes how many there are
     * @param edges four numbers each: source, first byte or {@link #NOTHING} or {@code -2 - rule}, last byte, target
     * @param ruleStarts node that each rule begins with
     * @param ruleEnds node that each rule ends with
     */
    Network(int nodes, int[] edges, int[] ruleStarts, int[] ruleEnds) {
        this.ruleStarts = ruleStarts;
        ends = new boolean[nodes];
        for (int end : ruleEnds) {
            ends[end] = true;
        }
        bytesToEnd = shortest(nodes, edges, ruleStarts, ruleEnds);
        edgeStarts = new int[nodes + 1];
        int kept = 0;
        for (int e = 0; e < edges.length; e += 4) {
            if (isLive(edges, e)) {
                edgeStarts[edges[e] + 1]++;
                kept++;
            }
        }
        for (int n = 0; n < nodes; n++) {
            edgeStarts[n + 1] += edgeStarts[n];
        }
        firsts = new int[kept];
        lasts = new int[kept];
        targets = new int[kept];
        int[] next = Arrays.copyOf(edgeStarts, nodes);
        for (int e = 0; e < edges.length; e += 4) {
            if (isLive(edges, e)) {
                int slot = next[edges[e]]++;
                firsts[slot] = edges[e + 1];
                lasts[slot] = edges[e + 2];
                targets[slot] = edges[e + 3];
            }
        }
    }

    private boolean isLive(int[] edges, int e) {
        int rule = -2 - edges[e + 1];
        return bytesToEnd[edges[e + 3]] < NEVER && (rule < 0 || bytesToEnd[ruleStarts[rule]] < NEVER);
    }

    int edgesFrom(int node) {
        return edgeStarts[node];
    }

    int edgesTo(int node) {
        return edgeStarts[node + 1];
    }

    int edges() {
        return firsts.length;
    }

    /** First byte of an edge, {@link #NOTHING}, or {@code -2 - rule}. */
    int first(int edge) {
        return firsts[edge];
    }

    int last(int edge) {
        return lasts[edge];
    }

    int target(int edge) {
        return targets[edge];
    }

    int ruleStart(int rule) {
        return ruleStarts[rule];
    }

    int rules() {
        return ruleStarts.length;
    }

    /** Whether a node is the end of its rule. */
    boolean isEnd(int node) {
        return ends[node];
    }

    /** Length of the shortest text from a node to the end of its rule; {@link #NEVER} if there is none. unit: bytes */
    long bytesToEnd(int node) {
        return bytesToEnd[node];
    }

    /** From the ends backwards, the nearest first. Source: Knuth 1977, A Generalization of Dijkstra's Algorithm. */
    private static long[] shortest(int nodes, int[] edges, int[] ruleStarts, int[] ruleEnds) {
        Incoming byTarget = new Incoming(nodes, edges, e -> edges[e + 3]);
        Incoming byRule = new Incoming(nodes, edges, e -> edges[e + 1] <= -2 ? ruleStarts[-2 - edges[e + 1]] : -1);
        long[] length = new long[nodes];
        Arrays.fill(length, NEVER);
        boolean[] done = new boolean[nodes];
        PriorityQueue<long[]> queue = new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
        for (int end : ruleEnds) {
            length[end] = 0;
            queue.add(new long[] {0, end});
        }
        while (!queue.isEmpty()) {
            int node = (int) queue.remove()[1];
            if (done[node]) {
                continue;
            }
            done[node] = true;
            for (Incoming incoming : new Incoming[] {byTarget, byRule}) {
                for (int i = incoming.starts[node]; i < incoming.starts[node + 1]; i++) {
                    int e = incoming.edges[i];
                    long taken =
                            edges[e + 1] >= 0 ? 1 : edges[e + 1] == NOTHING ? 0 : length[ruleStarts[-2 - edges[e + 1]]];
                    long candidate = Math.min(NEVER, taken + length[edges[e + 3]]);
                    if (candidate < length[edges[e]]) {
                        length[edges[e]] = candidate;
                        queue.add(new long[] {candidate, edges[e]});
                    }
                }
            }
        }
        return length;
    }

    /** Edges by a node that they depend on. */
    private static final class Incoming {
        final int[] starts;
        final int[] edges;

        Incoming(int nodes, int[] all, java.util.function.IntUnaryOperator nodeOf) {
            starts = new int[nodes + 1];
            for (int e = 0; e < all.length; e += 4) {
                int node = nodeOf.applyAsInt(e);
                if (node >= 0) {
                    starts[node + 1]++;
                }
            }
            for (int n = 0; n < nodes; n++) {
                starts[n + 1] += starts[n];
            }
            edges = new int[starts[nodes]];
            int[] next = Arrays.copyOf(starts, nodes);
            for (int e = 0; e < all.length; e += 4) {
                int node = nodeOf.applyAsInt(e);
                if (node >= 0) {
                    edges[next[node]++] = e;
                }
            }
        }
    }
}
