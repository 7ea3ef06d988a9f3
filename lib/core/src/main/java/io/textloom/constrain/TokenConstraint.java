package io.textloom.constrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** An automaton over bytes, walked token by token. Safe for concurrent use. */
final class TokenConstraint implements Constraint {
    /** Further from the end tokens are not counted but bytes. */
    private static final int MAX_PATH = 4096;

    private final ByteAutomaton automaton;
    private final TokenTrie trie;
    /** Where the first token differs: what it may be, and how many tokens are enough. */
    private final Optional<TokenMask> firstMask;

    private final int firstToEnd;

    /** @throws ConstraintException if no token can come first and no empty text is allowed */
    TokenConstraint(ByteAutomaton automaton, TokenTrie trie) {
        this.automaton = automaton;
        this.trie = trie;
        ByteState start = automaton.start();
        boolean differs = trie.first() != trie.inside();
        firstMask = differs ? Optional.of(walk(trie.first(), start)) : Optional.empty();
        firstToEnd = differs && !start.mayEnd() ? fewestAtFirst(start) : 0;
        if (firstToEnd == Integer.MAX_VALUE) {
            throw new ConstraintException(
                    "The tokenizer drops a space at the beginning of a text and has no token that a text of the"
                            + " constraint can begin with; leave the space at its beginning out");
        }
    }

    @Override
    public ConstraintState start() {
        return new State(automaton.start(), trie.first());
    }

    private int fewestAtFirst(ByteState start) {
        int[] fewest = {Integer.MAX_VALUE};
        walk(trie.first(), start, (token, to) -> {
            if (to.bytesToEnd() < MAX_PATH || fewest[0] > MAX_PATH) {
                fewest[0] = Math.min(fewest[0], 1 + tokensToEnd(to));
            }
        });
        return fewest[0];
    }

    private TokenMask mask(ByteState state) {
        TokenMask known = state.mask;
        if (known == null) {
            known = walk(trie.inside(), state);
            state.mask = known;
            automaton.keeps(known.allowed().size() / 8);
        }
        return known;
    }

    private TokenMask walk(TokenTrie.Tree tree, ByteState from) {
        BitSet allowed = new BitSet(trie.vocabularySize());
        long[] most = new long[1];
        walk(tree, from, (token, state) -> {
            allowed.set(token);
            most[0] = Math.max(most[0], state.bytesToEnd());
        });
        return new TokenMask(allowed, most[0]);
    }

    /** Visits each token that the automaton can follow. */
    private void walk(TokenTrie.Tree tree, ByteState from, Visitor visitor) {
        ByteState[] at = new ByteState[tree.depth() + 1];
        at[0] = from;
        for (int node = 0; node < tree.size(); ) {
            int depth = tree.depth(node);
            ByteState state = automaton.next(at[depth - 1], tree.label(node));
            if (state.isDead()) {
                node = tree.end(node);
                continue;
            }
            at[depth] = state;
            for (int t = tree.tokensFrom(node); t < tree.tokensTo(node); t++) {
                visitor.token(tree.token(t), state);
            }
            node++;
        }
    }

    private interface Visitor {
        void token(int token, ByteState state);
    }

    /** Tokens after which no more than {@code left} are needed. */
    private BitSet within(TokenTrie.Tree tree, ByteState from, int left) {
        BitSet allowed = new BitSet(trie.vocabularySize());
        walk(tree, from, (token, state) -> {
            if (state.bytesToEnd() <= left || tokensToEnd(state) <= left) {
                allowed.set(token);
            }
        });
        return allowed;
    }

    /** The fewest tokens that spell the shortest way to an end. Each token of it leads to a state from which one less is enough. */
    private int tokensToEnd(ByteState from) {
        if (from.mayEnd()) {
            return 0;
        }
        if (from.tokensToEnd >= 0 || from.bytesToEnd() > MAX_PATH) {
            return from.tokensToEnd >= 0 ? from.tokensToEnd : (int) Math.min(Integer.MAX_VALUE - 1, from.bytesToEnd());
        }
        List<ByteState> path = new ArrayList<>();
        List<Integer> bytes = new ArrayList<>();
        ByteState end = from;
        while (end.tokensToEnd < 0 && !end.mayEnd()) {
            int b = automaton.nearest(end);
            path.add(end);
            bytes.add(b);
            end = automaton.next(end, b);
        }
        // past the first state that is known, as far as tokens reach
        List<ByteState> states = new ArrayList<>(path);
        while (!end.mayEnd() && states.size() < path.size() + trie.inside().depth()) {
            int b = automaton.nearest(end);
            states.add(end);
            bytes.add(b);
            end = automaton.next(end, b);
        }
        states.add(end);
        if (end.mayEnd()) {
            end.tokensToEnd = 0;
        }
        for (int at = path.size() - 1; at >= 0; at--) {
            int fewest = Integer.MAX_VALUE;
            int node = -1;
            for (int i = at; i < bytes.size(); i++) {
                node = trie.inside().child(node, bytes.get(i));
                if (node < 0) {
                    break;
                }
                ByteState to = states.get(i + 1);
                if (trie.inside().tokensFrom(node) < trie.inside().tokensTo(node) && to.tokensToEnd >= 0) {
                    fewest = Math.min(fewest, 1 + to.tokensToEnd);
                }
            }
            states.get(at).tokensToEnd = fewest;
        }
        return from.tokensToEnd;
    }

    /** At the first token, where some decoders drop a space, with a tree of its own. */
    private final class State implements ConstraintState {
        private final ByteState bytes;
        private final TokenTrie.Tree tree;

        State(ByteState bytes, TokenTrie.Tree tree) {
            this.bytes = bytes;
            this.tree = tree;
        }

        private TokenMask mask() {
            return isLater() ? TokenConstraint.this.mask(bytes) : firstMask.orElseThrow();
        }

        @Override
        public boolean mayEnd() {
            return bytes.mayEnd();
        }

        @Override
        public BitSet allowed() {
            return mask().allowed();
        }

        @Override
        public int tokensToEnd() {
            return mayEnd() || isLater() ? TokenConstraint.this.tokensToEnd(bytes) : firstToEnd;
        }

        private boolean isLater() {
            return tree == trie.inside();
        }

        @Override
        public BitSet allowedWithin(int tokensLeft) {
            TokenMask mask = mask();
            return mask.mostBytesToEnd() < tokensLeft ? mask.allowed() : within(tree, bytes, tokensLeft - 1);
        }

        @Override
        public ConstraintState accept(int token) {
            ByteState to = automaton.current(bytes);
            byte[] added = tree.bytes(token);
            for (byte b : added) {
                to = automaton.next(to, b & 0xff);
            }
            if (added.length == 0 || to.isDead()) {
                throw new IllegalArgumentException("The token " + token + " is not allowed here; expected one of "
                        + allowed().cardinality() + " others");
            }
            return new State(to, trie.inside());
        }
    }
}
