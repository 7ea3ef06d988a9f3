package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;

/** Operators with two operands, on numbers, strings and lists. */
final class Arithmetic {
    private Arithmetic() {}

    static Object apply(String operator, Object a, Object b, Context c) {
        if (a instanceof Undefined u) {
            throw u.fault();
        }
        if (operator.equals("%") && a instanceof String pattern) {
            return PercentFormat.format(pattern, b);
        }
        if (b instanceof Undefined u) {
            throw u.fault();
        }
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return switch (operator) {
                case "+" -> Numbers.add(a, b);
                case "-" -> Numbers.subtract(a, b);
                case "*" -> Numbers.multiply(a, b);
                case "/" -> Numbers.divide(a, b);
                case "//" -> Numbers.floorDivide(a, b);
                case "%" -> Numbers.modulo(a, b);
                default -> Numbers.power(a, b);
            };
        }
        if (operator.equals("+")) {
            return plus(a, b, c);
        }
        if (operator.equals("*") && Numbers.isInteger(b)) {
            return times(a, b, c);
        }
        if (operator.equals("*") && Numbers.isInteger(a)) {
            return times(b, a, c);
        }
        throw unsupported(operator, a, b);
    }

    /** Text after text, list after list. */
    static Object plus(Object a, Object b, Context c) {
        if (a instanceof String x && b instanceof String y) {
            c.budget.spend(x.length() + y.length());
            c.budget.requireOutput((long) x.length() + y.length());
            return x + y;
        }
        boolean lists = a instanceof List && b instanceof List && !(a instanceof Range) && !(b instanceof Range);
        if (lists && a instanceof Tuple == b instanceof Tuple) {
            List<Object> all = new ArrayList<>(Values.items(a));
            all.addAll(Values.items(b));
            c.budget.spend(all.size());
            return a instanceof Tuple ? new Tuple(all) : all;
        }
        if (a instanceof String || a instanceof List) {
            String type = Values.type(a);
            throw new Fault("can only concatenate " + type + " (not \"" + Values.type(b) + "\") to " + type);
        }
        throw unsupported("+", a, b);
    }

    private static Object times(Object repeated, Object count, Context c) {
        int times = Math.max(0, Values.index(count));
        if (repeated instanceof String s) {
            c.budget.requireOutput((long) s.length() * times);
            c.budget.spend((long) s.length() * times);
            return s.repeat(times);
        }
        if (repeated instanceof List<?> list && !(repeated instanceof Range)) {
            c.budget.requireOutput((long) list.size() * times);
            c.budget.spend((long) list.size() * times);
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < times && !list.isEmpty(); i++) {
                all.addAll(Values.items(list));
            }
            return repeated instanceof Tuple ? new Tuple(all) : all;
        }
        throw unsupported("*", repeated, count);
    }

    private static Fault unsupported(String operator, Object a, Object b) {
        return new Fault("unsupported operand type(s) for " + operator + ": '" + Values.type(a) + "' and '"
                + Values.type(b) + "'");
    }
}
