package io.textloom.constrain;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which numbers a schema allows.
 *
 * @param integer whether only whole numbers
 */
record Bounds(
        Optional<BigDecimal> min,
        boolean minExclusive,
        Optional<BigDecimal> max,
        boolean maxExclusive,
        Optional<BigDecimal> multipleOf,
        boolean integer) {
    static final Bounds NONE = new Bounds(Optional.empty(), false, Optional.empty(), false, Optional.empty(), false);

    boolean isNone() {
        return min.isEmpty() && max.isEmpty() && multipleOf.isEmpty();
    }

    /** The tighter of two. */
    Bounds atLeast(BigDecimal bound, boolean exclusive) {
        int order = min.map(bound::compareTo).orElse(1);
        boolean tighter = order > 0 || order == 0 && exclusive;
        return tighter ? new Bounds(Optional.of(bound), exclusive, max, maxExclusive, multipleOf, integer) : this;
    }

    Bounds atMost(BigDecimal bound, boolean exclusive) {
        int order = max.map(bound::compareTo).orElse(-1);
        boolean tighter = order < 0 || order == 0 && exclusive;
        return tighter ? new Bounds(min, minExclusive, Optional.of(bound), exclusive, multipleOf, integer) : this;
    }

    Bounds multiplesOf(BigDecimal divisor) {
        return new Bounds(min, minExclusive, max, maxExclusive, Optional.of(divisor), integer);
    }

    Bounds integers(boolean only) {
        return new Bounds(min, minExclusive, max, maxExclusive, multipleOf, only);
    }

    boolean allow(BigDecimal number) {
        int low = min.map(number::compareTo).orElse(1);
        int high = max.map(number::compareTo).orElse(-1);
        return (minExclusive ? low > 0 : low >= 0)
                && (maxExclusive ? high < 0 : high <= 0)
                && multipleOf.map(m -> number.remainder(m).signum() == 0).orElse(true);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        min.ifPresent(m -> parts.add((minExclusive ? "above " : "at least ") + m));
        max.ifPresent(m -> parts.add((maxExclusive ? "below " : "at most ") + m));
        multipleOf.ifPresent(m -> parts.add("a multiple of " + m));
        return String.join(" and ", parts);
    }
}
