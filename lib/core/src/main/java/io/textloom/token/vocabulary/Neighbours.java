package io.textloom.token.vocabulary;

/**
 * Which two bytes stand beside each other in some token. Between two that never do, no token and so no merge can cross: a text may be cut there.
 */
final class Neighbours {
    private final long[] seen = new long[1 << 10];

    private Neighbours() {}

    static Neighbours in(Vocabulary vocabulary) {
        Neighbours neighbours = new Neighbours();
        for (int id = 0; id < vocabulary.size(); id++) {
            for (int i = 1; vocabulary.has(id) && i < vocabulary.length(id); i++) {
                int pair = pair(vocabulary.byteAt(id, i - 1), vocabulary.byteAt(id, i));
                neighbours.seen[pair >> 6] |= 1L << pair;
            }
        }
        return neighbours;
    }

    /** The first place behind {@code from} to cut; {@code to} if there is none. */
    int cut(byte[] text, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int pair = pair(text[i - 1], text[i]);
            if ((seen[pair >> 6] >>> pair & 1) == 0) {
                return i;
            }
        }
        return to;
    }

    private static int pair(byte left, byte right) {
        return (left & 0xff) << 8 | right & 0xff;
    }
}
