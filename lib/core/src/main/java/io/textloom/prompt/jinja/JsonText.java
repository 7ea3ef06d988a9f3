package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;

/** Values as JSON, spelled as Python's {@code json.dumps} spells them with {@code ensure_ascii=False}. */
final class JsonText {
    private static final int MAX_DEPTH = 200;

    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final String indent;
    private final boolean pretty;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;

    private JsonText(Args.Bound options) {
        ascii = options.flag(0, false);
        Object width = options.get(1, None.NONE);
        pretty = width != None.NONE;
        indent = !pretty
                ? ""
                : width instanceof String s ? s : " ".repeat(Math.max(0, Math.min(64, Values.index(width))));
        Object separators = options.get(2, None.NONE);
        List<Object> pair = separators == None.NONE ? List.of() : Values.items(separators);
        itemSeparator = pair.size() == 2 ? Values.str(pair.get(0)) : pretty ? "," : ", ";
        keySeparator = pair.size() == 2 ? Values.str(pair.get(1)) : ": ";
        sorted = options.flag(3, false);
    }

    static String of(Object value, Args args, Context c) {
        JsonText text = new JsonText(args.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
        text.write(value, 0);
        c.budget.spend(text.out.length());
        return text.out.toString();
    }

    private void write(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Fault("a value is nested more than " + MAX_DEPTH + " deep");
        }
        if (value instanceof String s) {
            string(s);
        } else if (value instanceof Boolean || value == None.NONE) {
            out.append(value == None.NONE ? "null" : value);
        } else if (value instanceof Double d) {
            out.append(d.isNaN() ? "NaN" : d.isInfinite() ? (d > 0 ? "Infinity" : "-Infinity") : Numbers.repr(d));
        } else if (Numbers.isInteger(value)) {
            out.append(value);
        } else if (value instanceof List<?> list && !(value instanceof Range)) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                begin(i, depth + 1);
                write(Values.present(list.get(i)), depth + 1);
            }
            end(list.size(), depth, ']');
        } else if (value instanceof Dict dict) {
            dict(dict, depth);
        } else {
            throw new Fault("Object of type " + Values.type(value) + " is not JSON serializable");
        }
    }

    private void dict(Dict dict, int depth) {
        List<Object> keys = new ArrayList<>(dict.keys());
        if (sorted) {
            keys.sort((a, b) -> Values.compare(a, b, "<"));
        }
        out.append('{');
        for (int i = 0; i < keys.size(); i++) {
            begin(i, depth + 1);
            key(keys.get(i));
            out.append(keySeparator);
            write(Values.present(dict.get(keys.get(i))), depth + 1);
        }
        end(keys.size(), depth, '}');
    }

    private void key(Object key) {
        if (key instanceof String s) {
            string(s);
        } else if (Numbers.isNumber(key) || key == None.NONE) {
            out.append('"');
            write(key, 0);
            out.append('"');
        } else {
            throw new Fault("keys must be str, int, float, bool or None, not " + Values.type(key));
        }
    }

    private void begin(int item, int depth) {
        out.append(item == 0 ? "" : itemSeparator);
        newLine(depth);
    }

    private void end(int items, int depth, char close) {
        if (items > 0) {
            newLine(depth);
        }
        out.append(close);
    }

    private void newLine(int depth) {
        if (pretty) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            int short2 = "\"\\\n\r\t\f\b".indexOf(c);
            if (short2 >= 0) {
                out.append('\\').append("\"\\nrtfb".charAt(short2));
            } else if (c < ' ' || ascii && c > '~') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
