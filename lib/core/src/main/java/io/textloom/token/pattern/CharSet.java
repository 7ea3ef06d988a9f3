package io.textloom.token.pattern;

import io.textloom.token.unicode.CharClasses;
import java.util.Arrays;
import java.util.List;

/** A set of characters, as a regular expression writes it. Immutable and safe for concurrent use. */
final class CharSet {
    private final int classes;
    private final int withoutClasses;
    private final int[] ranges;
    private final boolean negated;
    private final boolean[] ascii = new boolean[128];

    /**
     * @param classes bits of {@link CharClasses}; a character with one of them is in the set
     * @param withoutClasses bits each of which puts all characters without it into the set
     * @param ranges first and last code points
     * @param negated whether the set is everything else
     */
    CharSet(int classes, int withoutClasses, List<Integer> ranges, boolean negated) {
        this.classes = classes;
        this.withoutClasses = withoutClasses;
        this.ranges = ranges.stream().mapToInt(i -> i).toArray();
        this.negated = negated;
        for (int c = 0; c < ascii.length; c++) {
            ascii[c] = find(c);
        }
    }

    static CharSet of(int... codePoints) {
        return new CharSet(
                0,
                0,
                Arrays.stream(codePoints)
                        .boxed()
                        .flatMap(c -> List.of(c, c).stream())
                        .toList(),
                false);
    }

    boolean contains(int codePoint) {
        return codePoint < ascii.length ? ascii[codePoint] : find(codePoint);
    }

    private boolean find(int codePoint) {
        int bits = CharClasses.of(codePoint);
        boolean found = (bits & classes) != 0 || (~bits & withoutClasses) != 0;
        for (int i = 0; i < ranges.length && !found; i += 2) {
            found = codePoint >= ranges[i] && codePoint <= ranges[i + 1];
        }
        return found != negated;
    }
}
