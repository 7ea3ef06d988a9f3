package io.textloom.token.vocabulary;

import io.textloom.token.unicode.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Of all ways to cut a piece into tokens the one with the largest sum of scores. A character that no token covers alone is unknown; neighbouring unknown ones are one
 * token, or the tokens of their bytes.
 *
 * <p>Source: Kudo 2018 §3.2; {@code Unigram} of tokenizers 0.23.3, down to the order in which equal sums are met.
 */
public final class Unigram implements SubwordModel {
    private static final double UNKNOWN_PENALTY = 10;

    private final Vocabulary vocabulary;
    private final double[] scores;
    private final double unknownScore;
    private final int unknown;
    private final @Nullable ByteTokens bytes;
    private final Trie trie;

    /**
     * @param vocabulary where a token has several ids, the last one is found
     * @param scores by id
     * @param unknown id of the unknown token; -1 for none
     * @param byteFallback whether unknown characters become the tokens of their bytes, if all are there
     */
    public Unigram(Vocabulary vocabulary, double[] scores, int unknown, boolean byteFallback) {
        if (unknown >= vocabulary.size()) {
            throw new IllegalArgumentException("the unknown token has the id " + unknown + " but there are "
                    + vocabulary.size() + " tokens; expected one of them");
        }
        this.vocabulary = vocabulary;
        this.scores = scores.clone();
        this.unknown = unknown;
        bytes = byteFallback ? new ByteTokens(vocabulary) : null;
        double least = Double.POSITIVE_INFINITY;
        Trie.Builder builder = new Trie.Builder();
        for (int id = 0; id < vocabulary.size(); id++) {
            least = scores[id] < least ? scores[id] : least;
            byte[] token = vocabulary.bytes(id);
            builder.put(token, 0, token.length, id);
        }
        unknownScore = least - UNKNOWN_PENALTY;
        trie = builder.build();
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public PieceEncoder encoder() {
        return new Encoder();
    }

    /** Slot {@code i} of the arrays is the best way to end a token at byte {@code i} of the piece. */
    private final class Encoder implements PieceEncoder {
        private static final int NONE = -1;

        private double[] sums = new double[64];
        private int[] starts = new int[64];
        private int[] tokens = new int[64];

        @Override
        public int encode(byte[] text, int from, int to, int[] ids, int[] ends, int at) {
            int size = to - from;
            reserve(size + 1);
            search(text, from, to);
            return emit(text, from, size, ids, ends, at);
        }

        private void search(byte[] text, int from, int to) {
            int size = to - from;
            Arrays.fill(starts, 0, size + 1, NONE);
            sums[0] = 0;
            for (int at = from; at < to; ) {
                double sum = sums[at - from];
                int next = at + Utf8.length(text[at]);
                boolean single = false;
                int node = Trie.ROOT;
                for (int i = at; i < to; ) {
                    node = trie.next(node, text[i++]);
                    if (node < 0) {
                        break;
                    }
                    int id = trie.value(node);
                    if (id >= 0) {
                        offer(at - from, i - from, id, sum + scores[id]);
                        single |= i == next;
                    }
                }
                if (!single) {
                    if (offer(at - from, next - from, unknown, sum + unknownScore) && unknown < 0) {
                        throw new IllegalArgumentException("the vocabulary has no unknown token, and none for \""
                                + new String(text, at, next - at, StandardCharsets.UTF_8) + "\"");
                    }
                }
                at = next;
            }
        }

        private boolean offer(int start, int end, int id, double sum) {
            boolean better = starts[end] == NONE || sum > sums[end];
            if (better) {
                sums[end] = sum;
                starts[end] = start;
                tokens[end] = id;
            }
            return better;
        }

        /** Turns the way back around in place, then writes it forwards. */
        private int emit(byte[] text, int from, int size, int[] ids, int[] ends, int at) {
            int next = size;
            for (int end = size; end > 0; ) {
                int start = starts[end];
                starts[end] = next;
                next = end;
                end = start;
            }
            int n = 0;
            int start = 0;
            for (int end = next; start < size; end = starts[end]) {
                int last = end;
                if (tokens[end] == unknown) {
                    while (last < size && tokens[starts[last]] == unknown) {
                        last = starts[last];
                    }
                    n += unknown(text, from + start, from + last, ids, ends, at + n);
                } else {
                    ids[at + n] = tokens[end];
                    ends[at + n] = from + end;
                    n++;
                }
                start = last;
                end = last;
            }
            return n;
        }

        private int unknown(byte[] text, int from, int to, int[] ids, int[] ends, int at) {
            int id = vocabulary.id(text, from, to);
            if (id < 0 && bytes != null && bytes.cover(text, from, to)) {
                for (int i = from; i < to; i++) {
                    ids[at + i - from] = bytes.id(text[i]);
                    ends[at + i - from] = to;
                }
                return to - from;
            }
            ids[at] = id >= 0 ? id : unknown;
            ends[at] = to;
            return 1;
        }

        private void reserve(int n) {
            if (n > starts.length) {
                int capacity = Math.max(n, 2 * starts.length);
                sums = new double[capacity];
                starts = new int[capacity];
                tokens = new int[capacity];
            }
        }
    }
}
