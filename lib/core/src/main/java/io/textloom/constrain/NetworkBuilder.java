package io.textloom.constrain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a network of a grammar. Parts that are repeated often become rules of their own, so that repetitions add up and do not multiply. Not safe for concurrent use. */
final class NetworkBuilder {
    /** With it memory and time have a bound: some 20 MB, some 100 ms. */
    static final int MAX_NODES = 300_000;

    /** Of one repetition. */
    static final int MAX_COUNT = 100_000;

    private static final int MAX_INLINE = 8;

    private final Grammar grammar;
    private final BitSet bytes;
    private final Map<Expr, Integer> shared = new IdentityHashMap<>();
    private final Map<CodePoints, Integer> sharedSets = new HashMap<>();
    private final List<Expr> rules = new ArrayList<>();
    private int[] edges = new int[1024];
    private int used;
    private int nodes;

    private NetworkBuilder(Grammar grammar, BitSet bytes) {
        this.grammar = grammar;
        this.bytes = bytes;
    }

    /**
     * @param bytes those that texts may consist of
     * @throws ConstraintException if it would be too large
     */
    static Network build(Grammar grammar, BitSet bytes) {
        return new NetworkBuilder(grammar, bytes).build();
    }

    private Network build() {
        for (int r = 0; r < grammar.size(); r++) {
            rules.add(grammar.rule(r));
        }
        List<int[]> ends = new ArrayList<>();
        for (int r = 0; r < rules.size(); r++) {
            int start = node();
            int end = node();
            ends.add(new int[] {start, end});
            if (rules.get(r) instanceof Expr.Chars chars) {
                Utf8Edges.add(chars.set(), start, end, this::node, this::edge);
            } else {
                add(rules.get(r), start, end);
            }
        }
        return new Network(
                nodes,
                Arrays.copyOf(edges, used),
                ends.stream().mapToInt(e -> e[0]).toArray(),
                ends.stream().mapToInt(e -> e[1]).toArray());
    }

    private void add(Expr expr, int from, int to) {
        if (expr instanceof Expr.Words words) {
            addWords(words.words(), from, to);
        } else if (expr instanceof Expr.Chars chars) {
            addSet(chars.set(), from, to);
        } else if (expr instanceof Expr.Seq seq) {
            int at = from;
            for (int i = 0; i < seq.parts().size(); i++) {
                int next = i == seq.parts().size() - 1 ? to : node();
                add(seq.parts().get(i), at, next);
                at = next;
            }
            if (seq.parts().isEmpty()) {
                edge(from, Network.NOTHING, Network.NOTHING, to);
            }
        } else if (expr instanceof Expr.Alt alt) {
            for (Expr way : alt.ways()) {
                add(way, from, to);
            }
        } else if (expr instanceof Expr.Repeat repeat) {
            addRepeat(repeat, from, to);
        } else if (expr instanceof Expr.Ref ref) {
            edge(from, -2 - ref.rule(), 0, to);
        } else if (expr instanceof Expr.Listed listed) {
            addListed(listed, from, to);
        }
    }

    private void addWords(List<String> words, int from, int to) {
        Map<Long, Integer> tree = new HashMap<>();
        for (String word : words) {
            int at = from;
            byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
            for (byte b : utf8) {
                if (!bytes.get(b & 0xff)) {
                    throw new ConstraintException(String.format(
                            Locale.ROOT,
                            "the tokenizer has no token for the byte 0x%02X of \"%s\", so that the model cannot write it; use"
                                    + " another text or another model",
                            b & 0xff,
                            word));
                }
                long key = (long) at << 8 | b & 0xff;
                Integer next = tree.get(key);
                if (next == null) {
                    next = node();
                    tree.put(key, next);
                    edge(at, b & 0xff, b & 0xff, next);
                }
                at = next;
            }
            edge(at, Network.NOTHING, Network.NOTHING, to);
        }
    }

    private void addSet(CodePoints set, int from, int to) {
        if (set.size() <= 4) {
            Utf8Edges.add(set, from, to, this::node, this::edge);
            return;
        }
        Integer rule = sharedSets.get(set);
        if (rule == null) {
            rule = rules.size();
            sharedSets.put(set, rule);
            rules.add(Expr.chars(set));
        }
        edge(from, -2 - rule, 0, to);
    }

    private void addRepeat(Expr.Repeat repeat, int from, int to) {
        boolean bounded = repeat.max() != Expr.UNBOUNDED;
        int copies = bounded ? repeat.max() : repeat.min() + 1;
        Expr part = copies > 1 ? shared(repeat.part()) : repeat.part();
        int at = from;
        for (int i = 0; i < repeat.min(); i++) {
            int next = node();
            add(part, at, next);
            at = next;
        }
        if (bounded) {
            for (int i = repeat.min(); i < repeat.max(); i++) {
                int start = node();
                int next = node();
                edge(at, Network.NOTHING, Network.NOTHING, start);
                edge(at, Network.NOTHING, Network.NOTHING, to);
                add(part, start, next);
                at = next;
            }
        } else {
            int loop = node();
            int back = node();
            edge(at, Network.NOTHING, Network.NOTHING, loop);
            add(part, loop, back);
            edge(back, Network.NOTHING, Network.NOTHING, loop);
            at = loop;
        }
        edge(at, Network.NOTHING, Network.NOTHING, to);
    }

    /** Nodes before each member: one where nothing is there yet, one behind something, where the separator comes first. */
    private void addListed(Expr.Listed listed, int from, int to) {
        int bare = from;
        int behind = node();
        for (Expr.Member member : listed.members()) {
            int start = node();
            int end = node();
            int nextBare = node();
            int nextBehind = node();
            edge(bare, Network.NOTHING, Network.NOTHING, start);
            add(listed.separator(), behind, start);
            add(member.text(), start, end);
            edge(end, Network.NOTHING, Network.NOTHING, nextBehind);
            if (member.many()) {
                add(listed.separator(), end, start);
            }
            if (!member.required()) {
                edge(bare, Network.NOTHING, Network.NOTHING, nextBare);
                edge(behind, Network.NOTHING, Network.NOTHING, nextBehind);
            }
            bare = nextBare;
            behind = nextBehind;
        }
        edge(bare, Network.NOTHING, Network.NOTHING, to);
        edge(behind, Network.NOTHING, Network.NOTHING, to);
    }

    private Expr shared(Expr part) {
        if (part instanceof Expr.Ref || weight(part, MAX_INLINE) <= MAX_INLINE) {
            return part;
        }
        return new Expr.Ref(shared.computeIfAbsent(part, p -> {
            rules.add(p);
            return rules.size() - 1;
        }));
    }

    /** About how many nodes it takes; counts no further than the limit. */
    private static int weight(Expr expr, int limit) {
        if (expr instanceof Expr.Words words) {
            return words.words().size() == 1 ? words.words().get(0).length() : limit + 1;
        }
        if (expr instanceof Expr.Chars chars) {
            return chars.set().size() == 1 && chars.set().last(0) < 0x80 ? 1 : limit + 1;
        }
        if (expr instanceof Expr.Seq seq) {
            int sum = 0;
            for (int i = 0; i < seq.parts().size() && sum <= limit; i++) {
                sum += weight(seq.parts().get(i), limit);
            }
            return sum;
        }
        return limit + 1;
    }

    private int node() {
        if (nodes == MAX_NODES) {
            throw new ConstraintException("the constraint needs more than " + MAX_NODES
                    + " automaton nodes; make it smaller: fewer or shorter choices, lower counts in repetitions");
        }
        return nodes++;
    }

    /** Bytes that texts may not have are left out. */
    private void edge(int from, int first, int last, int to) {
        if (first < 0) {
            put(from, first, last, to);
            return;
        }
        for (int low = bytes.nextSetBit(first); low >= 0 && low <= last; ) {
            int high = Math.min(last, bytes.nextClearBit(low) - 1);
            put(from, low, high, to);
            low = bytes.nextSetBit(high + 1);
        }
    }

    private void put(int from, int first, int last, int to) {
        if (used == edges.length) {
            edges = Arrays.copyOf(edges, 2 * used);
        }
        edges[used++] = from;
        edges[used++] = first;
        edges[used++] = last;
        edges[used++] = to;
    }
}
