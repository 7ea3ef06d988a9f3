package io.textloom.token.pattern;

import io.textloom.token.unicode.Utf8;
import java.util.Arrays;

/** Tries one way after the other, the untried ones on a stack. Not safe for concurrent use. */
final class RegexMatcher implements Matcher {
    /** An expression that tries more at one place is taken for hostile; unit: steps. */
    private static final int MAX_STEPS = 1 << 26;

    /** Step to go on with, place, and how far back the place may move before the step is tried again. */
    private static final int ENTRY = 3;

    private final Regex regex;
    private int[] stack = new int[32 * ENTRY];
    private int size;
    private int steps;

    RegexMatcher(Regex regex) {
        this.regex = regex;
    }

    @Override
    public int end(byte[] text, int at, int to) {
        size = 0;
        steps = 0;
        return run(text, 0, at, to);
    }

    /** Runs from a step to {@link Regex.Op#MATCH}; uses the stack above what is there. */
    private int run(byte[] text, int start, int from, int to) {
        int bottom = size;
        int step = start;
        int at = from;
        while (true) {
            if (++steps > MAX_STEPS) {
                throw new IllegalArgumentException(
                        "the expression tries more than " + MAX_STEPS + " ways at one place");
            }
            boolean failed = false;
            switch (regex.ops[step]) {
                case ONE -> {
                    if (at < to && regex.sets[step].contains(Utf8.read(text, at))) {
                        at += Utf8.length(text[at]);
                        step++;
                    } else {
                        failed = true;
                    }
                }
                case MANY, KEPT -> {
                    int least = many(text, step, at, to);
                    if (least < 0) {
                        failed = true;
                    } else {
                        if (regex.ops[step] == Regex.Op.MANY && least < manyEnd) {
                            push(step + 1, manyEnd, least);
                        }
                        at = manyEnd;
                        step++;
                    }
                }
                case FORK -> {
                    push(regex.second[step], at, at);
                    step = regex.first[step];
                }
                case JUMP -> step = regex.first[step];
                case AHEAD, NOT_AHEAD -> {
                    int kept = size;
                    boolean found = run(text, step + 1, at, to) >= 0;
                    size = kept;
                    failed = found != (regex.ops[step] == Regex.Op.AHEAD);
                    step = regex.first[step];
                }
                case MATCH -> {
                    return at;
                }
            }
            if (failed) {
                if (size == bottom) {
                    return -1;
                }
                step = stack[size - ENTRY];
                at = stack[size - ENTRY + 1];
                int least = stack[size - ENTRY + 2];
                if (at > least) {
                    at = Utf8.previous(text, at);
                    stack[size - ENTRY + 1] = at;
                }
                if (at <= least) {
                    size -= ENTRY;
                }
            }
        }
    }

    /** Where the last {@link #many} ended. */
    private int manyEnd;

    /** Takes as many as can be; where the least number of them ends, or -1 if there are fewer. */
    private int many(byte[] text, int step, int from, int to) {
        CharSet set = regex.sets[step];
        int min = regex.first[step];
        int max = regex.second[step];
        int least = min == 0 ? from : -1;
        int at = from;
        for (int n = 0; n < max && at < to && set.contains(Utf8.read(text, at)); ) {
            at += Utf8.length(text[at]);
            if (++n == min) {
                least = at;
            }
        }
        manyEnd = at;
        return least;
    }

    private void push(int step, int at, int least) {
        if (size == stack.length) {
            stack = Arrays.copyOf(stack, 2 * size);
        }
        stack[size++] = step;
        stack[size++] = at;
        stack[size++] = least;
    }
}
