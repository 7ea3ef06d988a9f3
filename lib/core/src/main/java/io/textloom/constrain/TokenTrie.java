package io.textloom.constrain;

import io.textloom.token.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The tokens of a tokenizer as a tree of their bytes, in the order in which it is walked. Made once for a tokenizer, some 100 ms, and shared by all its constraints. Immutable
 * and safe for concurrent use.
 */
public final class TokenTrie {
    private final Tree inside;
    private final Tree first;
    private final BitSet bytes;
    private final int vocabularySize;

    private TokenTrie(Tree inside, Tree first, BitSet bytes, int vocabularySize) {
        this.inside = inside;
        this.first = first;
        this.bytes = bytes;
        this.vocabularySize = vocabularySize;
    }

    /**
     * @param special tokens that completions never have; those that the tokenizer itself skips when it decodes, and those added to its vocabulary, need not be among them
     * @throws ConstraintException if tokens of this tokenizer do not simply add their bytes to the text
     */
    public static TokenTrie of(Tokenizer tokenizer, BitSet special) {
        BitSet leftOut = tokenizer.addedTokens();
        leftOut.or(special);
        TokenBytes tokens = TokenBytes.of(tokenizer, leftOut);
        BitSet bytes = new BitSet(256);
        boolean same = true;
        for (int id = 0; id < tokens.size(); id++) {
            byte[] inside = tokens.inside(id);
            if (inside != null && inside.length == 1) {
                bytes.set(inside[0] & 0xff);
            }
            same &= Arrays.equals(inside, tokens.first(id));
        }
        Tree inside = Tree.of(tokens, false);
        return new TokenTrie(inside, same ? inside : Tree.of(tokens, true), bytes, tokens.size());
    }

    /** Bytes with a token of their own. Texts of constraints consist of no others, so that each can be spelled out. */
    BitSet bytes() {
        return (BitSet) bytes.clone();
    }

    Tree inside() {
        return inside;
    }

    /** The same for the first token of a text. */
    Tree first() {
        return first;
    }

    /** unit: tokens */
    int vocabularySize() {
        return vocabularySize;
    }

    /** Nodes in preorder, the root left out. */
    static final class Tree {
        private static final byte[] NOTHING = {};

        private final byte[] labels;
        private final short[] depths;
        private final int[] ends;
        private final int[] tokenStarts;
        private final int[] tokens;
        private final byte[][] strings;
        private final int[] rootChildren = new int[256];
        private final int depth;

        private Tree(byte[] labels, short[] depths, int[] ends, int[] tokenStarts, int[] tokens, byte[][] strings) {
            this.strings = strings;
            this.labels = labels;
            this.depths = depths;
            this.ends = ends;
            this.tokenStarts = tokenStarts;
            this.tokens = tokens;
            Arrays.fill(rootChildren, -1);
            for (int n = 0; n < labels.length; n = ends[n]) {
                rootChildren[labels[n] & 0xff] = n;
            }
            int deepest = 0;
            for (short d : depths) {
                deepest = Math.max(deepest, d);
            }
            depth = deepest;
        }

        int size() {
            return labels.length;
        }

        /** unit: bytes */
        int depth() {
            return depth;
        }

        int label(int node) {
            return labels[node] & 0xff;
        }

        /** Length of the string that a node stands for. */
        int depth(int node) {
            return depths[node];
        }

        /** The node after all that begin as this one. */
        int end(int node) {
            return ends[node];
        }

        int tokensFrom(int node) {
            return tokenStarts[node];
        }

        int tokensTo(int node) {
            return tokenStarts[node + 1];
        }

        /** What a token adds; nothing for one that is left out. Not to be changed. */
        byte[] bytes(int token) {
            return token >= 0 && token < strings.length ? strings[token] : NOTHING;
        }

        int token(int index) {
            return tokens[index];
        }

        /** The node one byte further, from the root for -1; -1 if there is none. */
        int child(int node, int b) {
            if (node < 0) {
                return rootChildren[b];
            }
            for (int n = node + 1; n < ends[node]; n = ends[n]) {
                if ((labels[n] & 0xff) == b) {
                    return n;
                }
            }
            return -1;
        }

        private static Tree of(TokenBytes bytes, boolean first) {
            byte[][] strings = new byte[bytes.size()][];
            Arrays.fill(strings, NOTHING);
            int[] ids = new int[bytes.size()];
            int count = 0;
            long total = 0;
            for (int id = 0; id < bytes.size(); id++) {
                byte[] string = first ? bytes.first(id) : bytes.inside(id);
                if (string != null && string.length > 0 && string.length <= Short.MAX_VALUE) {
                    strings[id] = string;
                    ids[count++] = id;
                    total += string.length;
                }
            }
            Integer[] order = Arrays.stream(ids, 0, count).boxed().toArray(Integer[]::new);
            Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(strings[a], strings[b]));
            return fill(strings, order, Math.toIntExact(total));
        }

        private static Tree fill(byte[][] strings, Integer[] order, int total) {
            byte[] labels = new byte[total];
            short[] depths = new short[total];
            int[] ends = new int[total];
            int[] tokenStarts = new int[total + 1];
            int[] tokens = new int[order.length];
            int[] open = new int[Short.MAX_VALUE + 1];
            int nodes = 0;
            int depth = 0;
            byte[] before = new byte[0];
            for (int i = 0; i < order.length; i++) {
                byte[] string = strings[order[i]];
                int shared = Math.max(0, Arrays.mismatch(before, string));
                if (Arrays.equals(before, string)) {
                    shared = string.length;
                }
                while (depth > shared) {
                    ends[open[depth--]] = nodes;
                }
                while (depth < string.length) {
                    labels[nodes] = string[depth];
                    depths[nodes] = (short) ++depth;
                    tokenStarts[nodes] = i;
                    open[depth] = nodes++;
                }
                tokens[i] = order[i];
                before = string;
            }
            while (depth > 0) {
                ends[open[depth--]] = nodes;
            }
            tokenStarts[nodes] = order.length;
            return new Tree(
                    Arrays.copyOf(labels, nodes),
                    Arrays.copyOf(depths, nodes),
                    Arrays.copyOf(ends, nodes),
                    Arrays.copyOf(tokenStarts, nodes + 1),
                    tokens,
                    strings);
        }
    }
}
