package io.textloom.prompt.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's values as templates see them: {@link String}, {@link Long} and {@link BigInteger}, {@link Double}, {@link Boolean}, {@link None}, lists, {@link Tuple},
 * {@link Dict}; how they are tested, compared, spelled and gone through.
 */
final class Values {
    private Values() {}

    /** Java's values as templates see them; maps become dicts in their order. */
    static Object of(@Nullable Object value) {
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Number n) {
            return number(n);
        }
        if (value instanceof Map<?, ?> map) {
            Dict dict = new Dict();
            map.forEach((k, v) -> dict.put(of(k), of(v)));
            return dict;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> list = new ArrayList<>();
            items.forEach(item -> list.add(of(item)));
            return list;
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException("A template's value is a "
                + value.getClass().getName() + "; expected a string, number, boolean, list or map");
    }

    private static Object number(Number n) {
        if (n instanceof Double || n instanceof Float) {
            return n instanceof Float f ? Double.valueOf(f.toString()) : n;
        }
        if (n instanceof BigDecimal d) {
            return d.scale() <= 0 ? Numbers.integer(d.toBigInteger()) : (Object) d.doubleValue();
        }
        return n instanceof BigInteger b ? Numbers.integer(b) : (Object) n.longValue();
    }

    static String type(Object value) {
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (Numbers.isInteger(value)) {
            return "int";
        }
        if (value instanceof Tuple || value instanceof Range) {
            return value instanceof Tuple ? "tuple" : "range";
        }
        if (value instanceof List || value instanceof Dict) {
            return value instanceof Dict ? "dict" : "list";
        }
        return value == None.NONE
                ? "NoneType"
                : value instanceof View v ? v.kind() : value.getClass().getSimpleName();
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean b) {
            return b;
        }
        if (value instanceof String s) {
            return !s.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Undefined u) {
            u.use();
            return false;
        }
        if (Numbers.isNumber(value)) {
            return Numbers.real(value) != 0;
        }
        return value instanceof Dict d
                ? d.size() > 0
                : value instanceof View v ? !v.items().isEmpty() : value != None.NONE;
    }

    static String str(Object value) {
        if (value instanceof String s) {
            return s;
        }
        if (value instanceof Undefined u) {
            u.use();
            return "";
        }
        return repr(value);
    }

    static String repr(Object value) {
        if (value instanceof String s) {
            return Text.repr(s);
        }
        StringBuilder out = new StringBuilder();
        if (value instanceof Tuple tuple) {
            list(tuple, "(", tuple.size() == 1 ? ",)" : ")", out);
        } else if (value instanceof Range) {
            out.append(value);
        } else if (value instanceof List<?> items) {
            list(items, "[", "]", out);
        } else if (value instanceof Dict dict) {
            String separator = "{";
            for (Object key : dict.keys()) {
                out.append(separator).append(repr(key)).append(": ").append(repr(present(dict.get(key))));
                separator = ", ";
            }
            out.append(dict.size() == 0 ? "{}" : "}");
        } else if (value instanceof View view) {
            list(view.items(), view.kind() + "([", "])", out);
        } else {
            out.append(simple(value));
        }
        return out.toString();
    }

    private static String simple(Object value) {
        if (value instanceof Boolean b) {
            return b ? "True" : "False";
        }
        if (value instanceof Double d) {
            return Numbers.repr(d);
        }
        if (value == None.NONE) {
            return "None";
        }
        if (value instanceof Namespace ns) {
            return "<Namespace " + repr(ns.attributes()) + ">";
        }
        if (value instanceof Callable c) {
            return c.spelling();
        }
        return Numbers.isInteger(value)
                ? value.toString()
                : value instanceof Undefined ? "Undefined" : "<generator object>";
    }

    private static void list(List<?> items, String open, String close, StringBuilder out) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(repr(present(items.get(i))));
        }
        out.append(close);
    }

    /** Our collections hold no nulls. */
    static Object present(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("A template's collection holds null");
        }
        return value;
    }

    static boolean equal(Object a, Object b) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.compare(a, b) == 0;
        }
        if (a instanceof Undefined || b instanceof Undefined) {
            requireDefined(a);
            requireDefined(b);
            return a instanceof Undefined && b instanceof Undefined;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (a instanceof Tuple != b instanceof Tuple || x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!equal(present(x.get(i)), present(y.get(i)))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Dict x && b instanceof Dict y) {
            return x.size() == y.size()
                    && x.keys().stream().allMatch(key -> y.has(key) && equal(present(x.get(key)), present(y.get(key))));
        }
        return a.equals(b);
    }

    private static void requireDefined(Object value) {
        if (value instanceof Undefined u) {
            u.use();
        }
    }

    /** Negative, zero or positive. @throws Fault if Python has no order for the two */
    static int compare(Object a, Object b, String operator) {
        if (a instanceof Undefined u) {
            throw u.fault();
        }
        if (b instanceof Undefined u) {
            throw u.fault();
        }
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.compare(a, b);
        }
        if (a instanceof String x && b instanceof String y) {
            return codePointOrder(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y && a instanceof Tuple == b instanceof Tuple) {
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!equal(present(x.get(i)), present(y.get(i)))) {
                    return compare(present(x.get(i)), present(y.get(i)), operator);
                }
            }
            return Integer.compare(x.size(), y.size());
        }
        throw new Fault(
                "'" + operator + "' not supported between instances of '" + type(a) + "' and '" + type(b) + "'");
    }

    private static int codePointOrder(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }

    static boolean contains(Object container, Object item) {
        if (container instanceof String s) {
            if (item instanceof String part) {
                return s.contains(part);
            }
            throw new Fault("'in <string>' requires string as left operand, not " + type(item));
        }
        if (container instanceof Dict d) {
            return d.has(item);
        }
        for (Object each : items(container)) {
            if (equal(each, item)) {
                return true;
            }
        }
        return false;
    }

    static boolean isIterable(Object value) {
        return value instanceof String
                || value instanceof Dict
                || value instanceof Iterable
                || value instanceof Undefined;
    }

    /** What a loop over the value goes through. @throws Fault if it is not iterable */
    static List<Object> items(Object value) {
        if (value instanceof String s) {
            return Text.characters(s);
        }
        if (value instanceof Dict d) {
            return d.keys();
        }
        if (value instanceof Undefined u) {
            u.use();
            return List.of();
        }
        if (value instanceof Iterable<?> iterable) {
            List<Object> items = new ArrayList<>();
            for (Iterator<?> i = iterable.iterator(); i.hasNext(); ) {
                items.add(present(i.next()));
            }
            return items;
        }
        throw new Fault("'" + type(value) + "' object is not iterable");
    }

    static int length(Object value) {
        if (value instanceof String s) {
            return Text.length(s);
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Undefined u) {
            u.use();
            return 0;
        }
        if (value instanceof Dict || value instanceof View) {
            return value instanceof Dict d ? d.size() : ((View) value).items().size();
        }
        throw new Fault("object of type '" + type(value) + "' has no len()");
    }

    /** An integer that counts or points at something. */
    static int index(Object value) {
        if (!Numbers.isInteger(value)) {
            throw new Fault("'" + type(value) + "' object cannot be interpreted as an integer");
        }
        BigInteger big = Numbers.big(value);
        return big.bitLength() < 32 ? big.intValue() : big.signum() > 0 ? Integer.MAX_VALUE : -Integer.MAX_VALUE;
    }
}
