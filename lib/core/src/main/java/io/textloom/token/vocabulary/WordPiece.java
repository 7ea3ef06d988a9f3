package io.textloom.token.vocabulary;

import java.nio.charset.StandardCharsets;

/**
 * The longest token that the piece begins with, then the longest that the rest begins with, and so on; a piece that cannot be covered is the unknown token.
 *
 * <p>Source: Devlin et al. 2019 §3; Song et al. 2021.
 */
public final class WordPiece implements SubwordModel, PieceEncoder {
    private final Vocabulary vocabulary;
    private final String unknownToken;
    private final int unknown;
    private final int maxChars;
    private final Trie trie;
    private final String prefix;
    private final int continuation;

    /**
     * @param prefix what tokens inside a word begin with, such as {@code ##}
     * @param maxChars a longer piece is the unknown token; unit: characters
     */
    public WordPiece(Vocabulary vocabulary, String unknownToken, String prefix, int maxChars) {
        this.vocabulary = vocabulary;
        this.unknownToken = unknownToken;
        this.prefix = prefix;
        this.maxChars = maxChars;
        unknown = vocabulary.id(unknownToken);
        Trie.Builder builder = new Trie.Builder();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.has(id)) {
                byte[] token = vocabulary.bytes(id);
                builder.put(token, 0, token.length, id);
            }
        }
        trie = builder.build();
        byte[] utf8 = prefix.getBytes(StandardCharsets.UTF_8);
        continuation = trie.walk(Trie.ROOT, utf8, 0, utf8.length);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public String continuation() {
        return prefix;
    }

    @Override
    public PieceEncoder encoder() {
        return this;
    }

    @Override
    public int encode(byte[] text, int from, int to, int[] ids, int[] ends, int at) {
        if (to - from > maxChars && chars(text, from, to) > maxChars) {
            return unknown(to, ids, ends, at);
        }
        int n = 0;
        int start = from;
        while (start < to) {
            int node = start == from ? Trie.ROOT : continuation;
            int id = -1;
            int end = start;
            for (int i = start; i < to && node >= 0; ) {
                node = trie.next(node, text[i++]);
                if (node >= 0 && trie.value(node) >= 0) {
                    id = trie.value(node);
                    end = i;
                }
            }
            if (id < 0) {
                return unknown(to, ids, ends, at);
            }
            ids[at + n] = id;
            ends[at + n] = end;
            n++;
            start = end;
        }
        return n;
    }

    private int unknown(int to, int[] ids, int[] ends, int at) {
        if (unknown < 0) {
            throw new IllegalArgumentException("the vocabulary has no unknown token \"" + unknownToken + "\"");
        }
        ids[at] = unknown;
        ends[at] = to;
        return 1;
    }

    private static int chars(byte[] text, int from, int to) {
        int chars = 0;
        for (int i = from; i < to; i++) {
            chars += (text[i] & 0xc0) != 0x80 ? 1 : 0;
        }
        return chars;
    }
}
