package io.textloom.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** A set of Unicode characters: sorted ranges that neither overlap nor touch, without surrogates. Immutable. */
final class CodePoints {
    static final CodePoints NONE = new CodePoints(new int[0]);
    static final CodePoints ALL = of(0, Character.MAX_CODE_POINT);

    /** Firsts and lasts, by turns. */
    private final int[] bounds;

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    static CodePoints of(int first, int last) {
        return union(List.of(new CodePoints(new int[] {first, last})));
    }

    static CodePoints of(String characters) {
        return union(characters.codePoints().mapToObj(c -> of(c, c)).toList());
    }

    static CodePoints where(IntPredicate member) {
        int[] bounds = new int[64];
        int used = 0;
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (isSurrogate(c) || !member.test(c)) {
                continue;
            }
            if (used > 0 && bounds[used - 1] == c - 1) {
                bounds[used - 1] = c;
                continue;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * used);
            }
            bounds[used++] = c;
            bounds[used++] = c;
        }
        return new CodePoints(Arrays.copyOf(bounds, used));
    }

    static CodePoints union(List<CodePoints> sets) {
        List<int[]> ranges = new ArrayList<>();
        for (CodePoints set : sets) {
            for (int i = 0; i < set.size(); i++) {
                addWithoutSurrogates(ranges, set.first(i), set.last(i));
            }
        }
        ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
        int[] bounds = new int[2 * ranges.size()];
        int used = 0;
        for (int[] range : ranges) {
            if (used > 0 && range[0] <= bounds[used - 1] + 1) {
                bounds[used - 1] = Math.max(bounds[used - 1], range[1]);
            } else {
                bounds[used++] = range[0];
                bounds[used++] = range[1];
            }
        }
        return new CodePoints(Arrays.copyOf(bounds, used));
    }

    private static void addWithoutSurrogates(List<int[]> ranges, int first, int last) {
        if (first < Character.MIN_SURROGATE) {
            ranges.add(new int[] {first, Math.min(last, Character.MIN_SURROGATE - 1)});
        }
        if (last > Character.MAX_SURROGATE) {
            ranges.add(new int[] {Math.max(first, Character.MAX_SURROGATE + 1), last});
        }
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    CodePoints or(CodePoints other) {
        return union(List.of(this, other));
    }

    CodePoints not() {
        List<CodePoints> gaps = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < size(); i++) {
            if (first(i) > next) {
                gaps.add(of(next, first(i) - 1));
            }
            next = last(i) + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps.add(of(next, Character.MAX_CODE_POINT));
        }
        return union(gaps);
    }

    CodePoints without(CodePoints other) {
        return not().or(other).not();
    }

    boolean contains(int codePoint) {
        for (int i = 0; i < size(); i++) {
            if (codePoint <= last(i)) {
                return codePoint >= first(i);
            }
        }
        return false;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    /** unit: ranges */
    int size() {
        return bounds.length / 2;
    }

    int first(int range) {
        return bounds[2 * range];
    }

    int last(int range) {
        return bounds[2 * range + 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
