package io.textloom.prompt.jinja;

import java.util.List;
import java.util.Map;

/** Tests: {@code x is name(…)}. */
final class Tests {
    private interface Check {
        boolean of(Object value, Args args);
    }

    private static final Map<String, Check> ALL = Map.ofEntries(
            Map.entry("defined", (v, a) -> !(v instanceof Undefined)),
            Map.entry("undefined", (v, a) -> v instanceof Undefined),
            Map.entry("none", (v, a) -> v == None.NONE),
            Map.entry("true", (v, a) -> v.equals(true)),
            Map.entry("false", (v, a) -> v.equals(false)),
            Map.entry("boolean", (v, a) -> v instanceof Boolean),
            Map.entry("integer", (v, a) -> Numbers.isInteger(v) && !(v instanceof Boolean)),
            Map.entry("float", (v, a) -> v instanceof Double),
            Map.entry("number", (v, a) -> Numbers.isNumber(v)),
            Map.entry("string", (v, a) -> v instanceof String),
            Map.entry("mapping", (v, a) -> v instanceof Dict),
            Map.entry("iterable", (v, a) -> Values.isIterable(v)),
            Map.entry(
                    "sequence",
                    (v, a) -> v instanceof List || v instanceof String || v instanceof Dict || v instanceof Undefined),
            Map.entry("callable", (v, a) -> v instanceof Callable),
            Map.entry("sameas", (v, a) -> same(v, operand(a, "sameas"))),
            Map.entry("escaped", (v, a) -> false),
            Map.entry("lower", (v, a) -> StringMethods.isLower(Values.str(v))),
            Map.entry("upper", (v, a) -> StringMethods.isUpper(Values.str(v))),
            Map.entry("odd", (v, a) -> Values.equal(remainder(v, 2L), 1L)),
            Map.entry("even", (v, a) -> Values.equal(remainder(v, 2L), 0L)),
            Map.entry("divisibleby", (v, a) -> Values.equal(remainder(v, operand(a, "divisibleby")), 0L)),
            Map.entry("in", (v, a) -> Values.contains(operand(a, "in"), v)),
            Map.entry("filter", (v, a) -> Filters.has(Values.str(v))),
            Map.entry("test", (v, a) -> has(Values.str(v))),
            Map.entry("eq", (v, a) -> holds("==", v, a)),
            Map.entry("equalto", (v, a) -> holds("==", v, a)),
            Map.entry("==", (v, a) -> holds("==", v, a)),
            Map.entry("ne", (v, a) -> holds("!=", v, a)),
            Map.entry("!=", (v, a) -> holds("!=", v, a)),
            Map.entry("lt", (v, a) -> holds("<", v, a)),
            Map.entry("lessthan", (v, a) -> holds("<", v, a)),
            Map.entry("<", (v, a) -> holds("<", v, a)),
            Map.entry("le", (v, a) -> holds("<=", v, a)),
            Map.entry("<=", (v, a) -> holds("<=", v, a)),
            Map.entry("gt", (v, a) -> holds(">", v, a)),
            Map.entry("greaterthan", (v, a) -> holds(">", v, a)),
            Map.entry(">", (v, a) -> holds(">", v, a)),
            Map.entry("ge", (v, a) -> holds(">=", v, a)),
            Map.entry(">=", (v, a) -> holds(">=", v, a)));

    private Tests() {}

    static boolean has(String name) {
        return ALL.containsKey(name);
    }

    static Object apply(String name, Object value, Args args, Context c) {
        Check check = ALL.get(name);
        if (check == null) {
            throw new Fault("No test named '" + name + "'.");
        }
        c.budget.spend(1);
        return check.of(value, args);
    }

    private static Object operand(Args args, String test) {
        return args.bind(test, "other").get(0);
    }

    private static boolean holds(String operator, Object value, Args args) {
        return Expr.Comparison.holds(operator, value, operand(args, operator));
    }

    private static Object remainder(Object value, Object by) {
        if (!Numbers.isNumber(value) || !Numbers.isNumber(by)) {
            throw new Fault("expected a number, found " + Values.type(value));
        }
        return Numbers.modulo(value, by);
    }

    /** Values of Java have no identity that templates could know; equal simple ones count as the same. */
    private static boolean same(Object a, Object b) {
        boolean simple = a instanceof String || a instanceof Boolean || a instanceof Long || a instanceof Undefined;
        return a == b || simple && a.equals(b);
    }
}
