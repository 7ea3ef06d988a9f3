package io.textloom.constrain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decimal numbers of an interval, digit by digit, as rules of a grammar: how far the bounds have been followed, and the remainder by a divisor. Numbers become integers by
 * a power of ten. Not safe for concurrent use.
 */
final class Decimals {
    /** Digits before the point where no bound needs more. */
    private static final int MIN_WHOLE = 15;

    private static final int MAX_WHOLE = 25;
    private static final int MIN_FRACTION = 10;
    private static final int MAX_FRACTION = 15;

    /** With it the number of rules has a bound. */
    private static final int MAX_DIVISOR = 200;

    private final Grammar grammar;
    private final String at;
    private final int whole;
    private final int fraction;
    private final int divisor;
    private final Map<State, Integer> rules = new HashMap<>();
    private int[] low = {};
    private int[] high = {};

    private Decimals(Grammar grammar, String at, int whole, int fraction, int divisor) {
        this.grammar = grammar;
        this.at = at;
        this.whole = whole;
        this.fraction = fraction;
        this.divisor = divisor;
    }

    /** How far a number has come; tight where all digits so far are the bound's. */
    private record State(int position, boolean tightLow, boolean tightHigh, int remainder) {}

    /** @throws ConstraintException if there is no such number, or its digits are too many */
    static Expr of(Grammar grammar, String at, Bounds bounds) {
        int fraction = fraction(bounds, at);
        BigDecimal limit = BigDecimal.TEN.pow(MAX_WHOLE);
        int whole = Math.max(MIN_WHOLE, Math.max(digits(bounds.min(), limit), digits(bounds.max(), limit)));
        BigInteger largest = BigInteger.TEN.pow(whole + fraction).subtract(BigInteger.ONE);
        BigInteger low = bounds.min()
                .map(min -> inside(min, bounds.minExclusive(), RoundingMode.CEILING, fraction))
                .orElse(largest.negate())
                .max(largest.negate());
        BigInteger high = bounds.max()
                .map(max -> inside(max, bounds.maxExclusive(), RoundingMode.FLOOR, fraction))
                .orElse(largest)
                .min(largest);
        int divisor = bounds.multipleOf()
                .map(m -> divisor(m.movePointRight(fraction).toBigIntegerExact(), at))
                .orElse(1);
        List<Expr> signs = new ArrayList<>();
        if (high.signum() >= 0 && low.compareTo(high) <= 0) {
            signs.add(new Decimals(grammar, at, whole, fraction, divisor).between(low.max(BigInteger.ZERO), high));
        }
        if (low.signum() < 0 && low.compareTo(high) <= 0) {
            Expr size = new Decimals(grammar, at, whole, fraction, divisor)
                    .between(high.negate().max(BigInteger.ONE), low.negate());
            signs.add(Expr.seq(Expr.text("-"), size));
        }
        if (signs.isEmpty()) {
            throw new ImpossibleException("jsonSchema " + at + " is impossible: no number is " + bounds + " within the "
                    + whole + " digits before and " + fraction + " behind the point that are written");
        }
        return Expr.alt(signs);
    }

    /** As an integer of the smallest digit, the nearest one inside. */
    private static BigInteger inside(BigDecimal bound, boolean exclusive, RoundingMode mode, int fraction) {
        BigDecimal exact = bound.movePointRight(fraction);
        BigInteger rounded = exact.setScale(0, mode).toBigInteger();
        boolean moves = exclusive && exact.compareTo(new BigDecimal(rounded)) == 0;
        BigInteger step = mode == RoundingMode.CEILING ? BigInteger.ONE : BigInteger.ONE.negate();
        return moves ? rounded.add(step) : rounded;
    }

    private static int fraction(Bounds bounds, String at) {
        if (bounds.multipleOf().isPresent()) {
            int scale = bounds.multipleOf().get().stripTrailingZeros().scale();
            return digitsBehind(bounds.integer() ? Math.max(0, scale) : Math.max(0, scale), at);
        }
        if (bounds.integer()) {
            return 0;
        }
        int scale = Math.max(
                bounds.min().map(m -> m.stripTrailingZeros().scale()).orElse(0),
                bounds.max().map(m -> m.stripTrailingZeros().scale()).orElse(0));
        return digitsBehind(Math.max(MIN_FRACTION, scale), at);
    }

    private static int digitsBehind(int digits, String at) {
        if (digits > MAX_FRACTION) {
            throw new ConstraintException("jsonSchema " + at + " has a number with " + digits
                    + " digits behind the point; expected at most " + MAX_FRACTION + ": round it");
        }
        return digits;
    }

    private static int digits(java.util.Optional<BigDecimal> bound, BigDecimal limit) {
        if (bound.isEmpty() || bound.get().abs().compareTo(limit) >= 0) {
            return MIN_WHOLE; // beyond what is written anyway
        }
        return bound.get().abs().toBigInteger().toString().length();
    }

    private static int divisor(BigInteger divisor, String at) {
        if (divisor.signum() <= 0 || divisor.compareTo(BigInteger.valueOf(MAX_DIVISOR)) > 0) {
            throw new ConstraintException(
                    "jsonSchema " + at + " has multipleOf " + divisor + " (in its last digit); expected 1 to "
                            + MAX_DIVISOR + ": leave it out, or list the numbers as enum");
        }
        return divisor.intValue();
    }

    private Expr between(BigInteger low, BigInteger high) {
        this.low = padded(low);
        this.high = padded(high);
        List<Expr> lengths = new ArrayList<>();
        State state = new State(0, true, true, 0);
        for (int length = whole; length >= 1; length--) {
            lengths.add(digits(state, length == 1 ? 0 : 1));
            if (state.tightLow() && this.low[state.position()] > 0) {
                break; // shorter ones are too small
            }
            state = after(state, 0);
        }
        return Expr.alt(lengths);
    }

    private State after(State state, int digit) {
        int p = state.position();
        return new State(
                p + 1,
                state.tightLow() && digit == low[p],
                state.tightHigh() && digit == high[p],
                (10 * state.remainder() + digit) % divisor);
    }

    /** One more digit, from the smallest given, and what follows it. */
    private Expr digits(State state, int smallest) {
        int p = state.position();
        int from = Math.max(smallest, state.tightLow() ? low[p] : 0);
        int to = state.tightHigh() ? high[p] : 9;
        List<Expr> ways = new ArrayList<>();
        for (int d = from; d <= to; ) {
            State next = after(state, d);
            int last = d;
            while (last < to && after(state, last + 1).equals(next)) {
                last++;
            }
            ways.add(Expr.seq(Expr.chars(CodePoints.of('0' + d, '0' + last)), new Expr.Ref(rule(next))));
            d = last + 1;
        }
        return ways.isEmpty() ? Expr.chars(CodePoints.NONE) : Expr.alt(ways);
    }

    private int rule(State state) {
        Integer known = rules.get(state);
        if (known != null) {
            return known;
        }
        int rule = grammar.declare(at);
        rules.put(state, rule);
        List<Expr> ways = new ArrayList<>();
        int p = state.position();
        if (p < whole) {
            ways.add(digits(state, 0));
        } else {
            if (mayEnd(state)) {
                ways.add(Expr.EMPTY);
            }
            if (p < whole + fraction) {
                Expr digits = digits(state, 0);
                ways.add(p == whole ? Expr.seq(Expr.text("."), digits) : digits);
            }
        }
        grammar.define(rule, ways.isEmpty() ? Expr.chars(CodePoints.NONE) : Expr.alt(ways));
        return rule;
    }

    /** Whether zeros may follow, which are not written. */
    private boolean mayEnd(State state) {
        long remainder = state.remainder();
        for (int p = state.position(); p < whole + fraction; p++) {
            if (state.tightLow() && low[p] > 0) {
                return false;
            }
            remainder = 10 * remainder % divisor;
        }
        return remainder == 0;
    }

    private int[] padded(BigInteger number) {
        int[] digits = new int[whole + fraction];
        String text = number.toString();
        for (int i = 0; i < text.length(); i++) {
            digits[digits.length - text.length() + i] = text.charAt(i) - '0';
        }
        return digits;
    }
}
