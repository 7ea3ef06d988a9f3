package io.textloom.token.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A regular expression in a small program for {@link RegexMatcher}. Immutable and safe for concurrent use.
 *
 * <p>Source: the syntax and the order of trials are Oniguruma's, the engine of tokenizers 0.23.3; the characters of a class are {@code CharClasses}'.
 */
public final class Regex implements Pattern {
    private static final int MAX_STEPS = 1 << 12;
    /** unit: UTF-16 units */
    private static final int MAX_LENGTH = 1 << 14;

    final Op[] ops;
    final CharSet[] sets;
    /** Least number of characters, or the next step. */
    final int[] first;
    /** Largest number of characters, or another next step. */
    final int[] second;

    private Regex(List<Step> steps) {
        ops = steps.stream().map(Step::op).toArray(Op[]::new);
        sets = steps.stream().map(Step::set).toArray(CharSet[]::new);
        first = steps.stream().mapToInt(Step::first).toArray();
        second = steps.stream().mapToInt(Step::second).toArray();
    }

    enum Op {
        /** A character of the set, then the next step. */
        ONE,
        /** From {@code first} to {@code second} of the set, as many as can be; gives back one after the other. */
        MANY,
        /** The same, but keeps what it took. */
        KEPT,
        /** Tries {@code first}, then {@code second}. */
        FORK,
        /** Goes on at {@code first}. */
        JUMP,
        /** What stands behind it up to a {@link #MATCH} must follow; goes on at {@code first}. */
        AHEAD,
        NOT_AHEAD,
        MATCH
    }

    /**
     * Empty if there is something in it that is not here, or if it may match nothing.
     *
     * @throws IllegalArgumentException if it is too long
     */
    public static Optional<Pattern> compile(String expression) {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "an expression is " + expression.length() + " characters long; expected at most " + MAX_LENGTH);
        }
        try {
            Node node = RegexParser.parse(expression);
            List<Step> steps = new ArrayList<>();
            if (node.canBeEmpty() || !write(node, steps)) {
                return Optional.empty();
            }
            steps.add(new Step(Op.MATCH));
            return Optional.of(new Regex(steps));
        } catch (RegexParser.Unknown e) {
            return Optional.empty();
        }
    }

    @Override
    public Matcher matcher() {
        return new RegexMatcher(this);
    }

    /** False if the program would become too long. */
    private static boolean write(Node node, List<Step> steps) {
        if (steps.size() > MAX_STEPS) {
            return false;
        }
        if (node instanceof Node.One one) {
            steps.add(new Step(Op.ONE, one.set(), 0, 0));
            return true;
        }
        if (node instanceof Node.Chain chain) {
            for (Node part : chain.parts()) {
                if (!write(part, steps)) {
                    return false;
                }
            }
            return true;
        }
        if (node instanceof Node.Choice choice) {
            return writeChoice(choice.ways(), steps);
        }
        if (node instanceof Node.Repeat repeat) {
            return writeRepeat(repeat, steps);
        }
        Node.Ahead ahead = (Node.Ahead) node;
        int start = steps.size();
        steps.add(new Step(Op.JUMP));
        boolean written = write(ahead.part(), steps);
        steps.add(new Step(Op.MATCH));
        steps.set(start, new Step(ahead.negative() ? Op.NOT_AHEAD : Op.AHEAD, null, steps.size(), 0));
        return written;
    }

    private static boolean writeChoice(List<Node> ways, List<Step> steps) {
        List<Integer> jumps = new ArrayList<>();
        for (int i = 0; i < ways.size(); i++) {
            boolean last = i == ways.size() - 1;
            int fork = steps.size();
            if (!last) {
                steps.add(new Step(Op.FORK));
            }
            if (!write(ways.get(i), steps)) {
                return false;
            }
            if (!last) {
                jumps.add(steps.size());
                steps.add(new Step(Op.JUMP));
                steps.set(fork, new Step(Op.FORK, null, fork + 1, steps.size()));
            }
        }
        for (int jump : jumps) {
            steps.set(jump, new Step(Op.JUMP, null, steps.size(), 0));
        }
        return true;
    }

    private static boolean writeRepeat(Node.Repeat repeat, List<Step> steps) {
        if (repeat.part() instanceof Node.One one) {
            steps.add(new Step(repeat.possessive() ? Op.KEPT : Op.MANY, one.set(), repeat.min(), repeat.max()));
            return true;
        }
        for (int i = 0; i < repeat.min(); i++) {
            if (!write(repeat.part(), steps)) {
                return false;
            }
        }
        List<Integer> forks = new ArrayList<>();
        int optional = repeat.max() == Node.UNBOUNDED ? 1 : repeat.max() - repeat.min();
        for (int i = 0; i < optional; i++) {
            forks.add(steps.size());
            steps.add(new Step(Op.FORK));
            if (!write(repeat.part(), steps)) {
                return false;
            }
        }
        if (repeat.max() == Node.UNBOUNDED) {
            steps.add(new Step(Op.JUMP, null, forks.get(0), 0));
        }
        for (int fork : forks) {
            steps.set(fork, new Step(Op.FORK, null, fork + 1, steps.size()));
        }
        return true;
    }

    private record Step(
            Op op, @org.jspecify.annotations.Nullable CharSet set, int first, int second) {
        Step(Op op) {
            this(op, null, 0, 0);
        }
    }
}
