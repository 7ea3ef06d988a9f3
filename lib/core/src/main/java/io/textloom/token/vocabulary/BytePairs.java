package io.textloom.token.vocabulary;

import java.util.Arrays;

/**
 * Byte-pair encoding: of all neighbouring symbols the pair of lowest rank merges, the leftmost first, until none does.
 *
 * <p>Source: Sennrich et al. 2016 §3.2; Radford et al. 2019 §2.2.
 */
public final class BytePairs implements SubwordModel {
    private final Vocabulary vocabulary;
    private final Symbols symbols;
    private final Merges merges;
    private final boolean wholePieces;
    private final Neighbours neighbours;

    /**
     * @param wholePieces whether a piece that is a token is that token, merges or not
     */
    public BytePairs(Vocabulary vocabulary, Symbols symbols, Merges merges, boolean wholePieces) {
        this.vocabulary = vocabulary;
        this.symbols = symbols;
        this.merges = merges;
        this.wholePieces = wholePieces;
        neighbours = Neighbours.in(vocabulary);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public PieceEncoder encoder() {
        return new Encoder();
    }

    private final class Encoder implements PieceEncoder {
        /** Up to here the pair to merge next is found by looking at all; unit: symbols. */
        private static final int SHORT = 24;

        private int[] ids = new int[64];
        private int[] lengths = new int[64];
        private int[] ranks = new int[64];
        private int[] previous = new int[0];
        private int[] next = new int[0];
        private final MergeQueue queue = new MergeQueue();

        @Override
        public int encode(byte[] text, int from, int to, int[] into, int[] ends, int at) {
            if (wholePieces) {
                int id = vocabulary.id(text, from, to);
                if (id >= 0) {
                    into[at] = id;
                    ends[at] = to;
                    return 1;
                }
            }
            reserve(to - from);
            int n = symbols.of(text, from, to, ids, lengths);
            n = n <= SHORT ? mergeByScan(n) : mergeByQueue(n);
            int end = from;
            for (int i = 0; i < n; i++) {
                end += lengths[i];
                into[at + i] = ids[i];
                ends[at + i] = end;
            }
            return n;
        }

        @Override
        public int cut(byte[] text, int from, int to) {
            return symbols.complete() ? neighbours.cut(text, from, to) : to;
        }

        private int mergeByScan(int symbols) {
            int n = symbols;
            for (int i = 0; i + 1 < n; i++) {
                ranks[i] = merges.rank(ids[i], ids[i + 1]);
            }
            while (n > 1) {
                int best = 0;
                for (int i = 1; i < n - 1; i++) {
                    best = ranks[i] < ranks[best] ? i : best;
                }
                if (ranks[best] == Integer.MAX_VALUE) {
                    return n;
                }
                ids[best] = merges.made(ranks[best]);
                lengths[best] += lengths[best + 1];
                n--;
                for (int i = best + 1; i < n; i++) {
                    ids[i] = ids[i + 1];
                    lengths[i] = lengths[i + 1];
                    ranks[i] = ranks[i + 1];
                }
                if (best > 0) {
                    ranks[best - 1] = merges.rank(ids[best - 1], ids[best]);
                }
                if (best < n - 1) {
                    ranks[best] = merges.rank(ids[best], ids[best + 1]);
                }
            }
            return n;
        }

        /** n log n for long pieces: symbols are a linked list, an entry of the queue whose rank is no longer its pair's has expired. */
        private int mergeByQueue(int n) {
            queue.clear();
            for (int i = 0; i < n; i++) {
                previous[i] = i - 1;
                next[i] = i + 1;
                rank(i, n);
            }
            while (!queue.isEmpty()) {
                long first = queue.poll();
                int at = (int) first;
                if (ranks[at] != (int) (first >>> 32)) {
                    continue;
                }
                int right = next[at];
                ids[at] = merges.made(ranks[at]);
                lengths[at] += lengths[right];
                ranks[right] = Integer.MAX_VALUE;
                ids[right] = -1;
                next[at] = next[right];
                if (next[right] < n) {
                    previous[next[right]] = at;
                }
                rank(at, n);
                if (previous[at] >= 0) {
                    rank(previous[at], n);
                }
            }
            int kept = 0;
            for (int i = 0; i < n; i = next[i]) {
                ids[kept] = ids[i];
                lengths[kept] = lengths[i];
                kept++;
            }
            return kept;
        }

        private void rank(int at, int n) {
            int right = next[at];
            int rank = right < n ? merges.rank(ids[at], ids[right]) : Integer.MAX_VALUE;
            ranks[at] = rank;
            if (rank != Integer.MAX_VALUE) {
                queue.add(rank, at);
            }
        }

        private void reserve(int n) {
            if (n > ids.length) {
                int capacity = Math.max(n, 2 * ids.length);
                ids = Arrays.copyOf(ids, capacity);
                lengths = Arrays.copyOf(lengths, capacity);
                ranks = Arrays.copyOf(ranks, capacity);
            }
            if (n > SHORT && previous.length < ids.length) {
                previous = new int[ids.length];
                next = new int[ids.length];
            }
        }
    }
}
