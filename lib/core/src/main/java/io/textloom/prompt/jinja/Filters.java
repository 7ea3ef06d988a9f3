package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters: {@code x | name(…)}; those that go through items are in {@link ItemFilters}. */
final class Filters {
    interface Filter {
        Object of(Object value, Args args, Context c);
    }

    private static final int LEEWAY = 5;
    /** Longest text that is read as an integer, as in Python. */
    private static final int MAX_DIGITS = 4300;

    private static final Pattern WORD_START = Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Map<String, Filter> ALL = Map.ofEntries(
            Map.entry("abs", (v, a, c) -> {
                requireNumber(v);
                return Numbers.real(v) < 0 ? Numbers.negate(v) : v;
            }),
            Map.entry("attr", (v, a, c) -> {
                String name = a.bind("attr", "name").text(0);
                return v instanceof Dict d && d.has(name) && !(Members.attribute(v, name, c) instanceof Callable)
                        ? c.undefined("'dict object' has no attribute '" + name + "'")
                        : Members.attribute(v, name, c);
            }),
            Map.entry("capitalize", (v, a, c) -> Text.capitalize(Values.str(v))),
            Map.entry("center", (v, a, c) -> StringMethods.pad(Values.str(v), a, "center", c)),
            Map.entry("count", (v, a, c) -> (long) Values.length(v)),
            Map.entry("d", (v, a, c) -> otherwise(v, a)),
            Map.entry("default", (v, a, c) -> otherwise(v, a)),
            Map.entry("e", (v, a, c) -> escape(v)),
            Map.entry("escape", (v, a, c) -> escape(v)),
            Map.entry("float", (v, a, c) -> toFloat(v, a)),
            Map.entry("forceescape", (v, a, c) -> escape(v)),
            Map.entry("format", (v, a, c) -> PercentFormat.format(Values.str(v), formatted(a))),
            Map.entry("indent", (v, a, c) -> indent(Values.str(v), a, c)),
            Map.entry("int", (v, a, c) -> toInt(v, a)),
            Map.entry("length", (v, a, c) -> (long) Values.length(v)),
            Map.entry("lower", (v, a, c) -> Text.lower(Values.str(v))),
            Map.entry("replace", (v, a, c) -> {
                Args.Bound b = a.bind("replace", "old", "new", "count");
                int most = b.get(2, None.NONE) == None.NONE ? -1 : b.integer(2, -1);
                return StringMethods.replace(Values.str(v), Values.str(b.get(0)), Values.str(b.get(1)), most, c);
            }),
            Map.entry("round", (v, a, c) -> round(v, a)),
            Map.entry("safe", (v, a, c) -> Values.str(v)),
            Map.entry("string", (v, a, c) -> Values.str(v)),
            Map.entry("title", (v, a, c) -> title(Values.str(v))),
            Map.entry("tojson", JsonText::of),
            Map.entry("trim", (v, a, c) -> {
                Object chars = a.bind("trim", "chars").get(0, None.NONE);
                String dropped = chars == None.NONE ? "" : Values.str(chars);
                return Text.strip(
                        Values.str(v), chars == None.NONE ? Text::isSpace : ch -> dropped.indexOf(ch) >= 0, true, true);
            }),
            Map.entry("truncate", (v, a, c) -> truncate(Values.str(v), a)),
            Map.entry("upper", (v, a, c) -> Text.upper(Values.str(v))),
            Map.entry(
                    "wordcount",
                    (v, a, c) -> WORD.matcher(Values.str(v)).results().count()));

    private Filters() {}

    static boolean has(String name) {
        return ALL.containsKey(name) || ItemFilters.ALL.containsKey(name);
    }

    static Object apply(String name, Object value, Args args, Context c) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            filter = ItemFilters.ALL.get(name);
        }
        if (filter == null) {
            throw new Fault("No filter named '" + name + "'.");
        }
        c.budget.spend(value instanceof String s ? 1 + s.length() / 8 : 1);
        return filter.of(value, args, c);
    }

    private static void requireNumber(Object value) {
        if (!Numbers.isNumber(value)) {
            throw new Fault("expected a number, found " + Values.type(value));
        }
    }

    private static Object otherwise(Object value, Args args) {
        Args.Bound bound = args.bind("default", "default_value", "boolean");
        boolean use = value instanceof Undefined || bound.flag(1, false) && !Values.truth(value);
        return use ? bound.get(0, "") : value;
    }

    private static String escape(Object value) {
        return Values.str(value)
                .replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Object formatted(Args args) {
        if (args.named().isEmpty()) {
            return new Tuple(args.positional());
        }
        Dict dict = new Dict();
        args.named().forEach(dict::put);
        return dict;
    }

    private static Object toFloat(Object value, Args args) {
        Object otherwise = args.bind("float", "default").get(0, 0.0);
        if (Numbers.isNumber(value)) {
            return Numbers.real(value);
        }
        Double parsed = value instanceof String s ? parse(s) : null;
        return parsed == null ? otherwise : parsed;
    }

    /** Python's {@code float(text)}; null if it is none. */
    private static @org.jspecify.annotations.Nullable Double parse(String s) {
        String text = Text.strip(s).replaceAll("(?<=\\d)_(?=\\d)", "");
        if (text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
            return Double.valueOf(text);
        }
        return switch (Text.lower(text)) {
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    private static Object toInt(Object value, Args args) {
        Args.Bound bound = args.bind("int", "default", "base");
        Object otherwise = bound.get(0, 0L);
        if (Numbers.isInteger(value)) {
            return Numbers.integer(Numbers.big(value));
        }
        Double real = value instanceof Double d ? d : null;
        if (value instanceof String s) {
            int base = bound.integer(1, 10);
            String text = Text.lower(Text.strip(s)).replaceAll("(?<=\\w)_(?=\\w)", "");
            Matcher prefixed = Pattern.compile("([-+]?)0([xob])(\\w+)").matcher(text);
            if (prefixed.matches()) {
                int own = prefixed.group(2).equals("x") ? 16 : prefixed.group(2).equals("o") ? 8 : 2;
                if (base == own || base == 0) {
                    text = prefixed.group(1) + prefixed.group(3);
                    base = own;
                }
            }
            if (text.length() > MAX_DIGITS) {
                return otherwise;
            }
            try {
                return Numbers.integer(new java.math.BigInteger(text, base == 0 ? 10 : base));
            } catch (NumberFormatException e) {
                real = parse(s);
            }
        }
        return real == null || !Double.isFinite(real) ? otherwise : Numbers.truncate(real);
    }

    private static Object round(Object value, Args args) {
        requireNumber(value);
        Args.Bound bound = args.bind("round", "precision", "method");
        int digits = bound.integer(0, 0);
        String method = bound.text(1, "common");
        if (method.equals("common")) {
            return Numbers.round(value, digits);
        }
        double scale = Math.pow(10, digits);
        double scaled = Numbers.real(value) * scale;
        Object whole = Numbers.truncate(method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled));
        if (!method.equals("ceil") && !method.equals("floor")) {
            throw new Fault("method must be common, ceil or floor");
        }
        return Numbers.real(whole) / scale;
    }

    private static String indent(String s, Args args, Context c) {
        Args.Bound bound = args.bind("indent", "width", "first", "blank");
        Object width = bound.get(0, 4L);
        String by = width instanceof String text ? text : " ".repeat(Math.max(0, Math.min(1000, Values.index(width))));
        boolean blank = bound.flag(2, false);
        List<Object> lines = Text.lines(s + "\n", false);
        c.budget.spend(s.length() + (long) lines.size() * by.length());
        c.budget.requireOutput(s.length() + (long) lines.size() * by.length());
        StringBuilder out = new StringBuilder(bound.flag(1, false) ? by : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = Values.str(lines.get(i));
            out.append(i == 0 ? "" : "\n")
                    .append(i > 0 && (blank || !line.isEmpty()) ? by : "")
                    .append(line);
        }
        return out.toString();
    }

    private static String title(String s) {
        Matcher matcher = WORD_START.matcher(s);
        StringBuilder out = new StringBuilder();
        int done = 0;
        while (matcher.find()) {
            out.append(word(s.substring(done, matcher.start()))).append(matcher.group());
            done = matcher.end();
        }
        return out.append(word(s.substring(done))).toString();
    }

    private static String word(String word) {
        if (word.isEmpty()) {
            return word;
        }
        int first = Character.charCount(word.codePointAt(0));
        return Text.upper(word.substring(0, first)) + Text.lower(word.substring(first));
    }

    private static String truncate(String s, Args args) {
        Args.Bound bound = args.bind("truncate", "length", "killwords", "end", "leeway");
        int length = bound.integer(0, 255);
        String end = bound.text(2, "...");
        int leeway = bound.get(3, None.NONE) == None.NONE ? LEEWAY : bound.integer(3, LEEWAY);
        int room = length - Text.length(end);
        if (room < 0) {
            throw new Fault("expected length >= " + Text.length(end) + ", got " + length);
        }
        if (Text.length(s) <= (long) length + leeway) {
            return s;
        }
        String kept = Text.substring(s, 0, room);
        int blank = kept.lastIndexOf(' ');
        return (bound.flag(1, false) || blank < 0 ? kept : kept.substring(0, blank)) + end;
    }

    static List<Object> strings(Object value) {
        List<Object> strings = new ArrayList<>();
        Values.items(value).forEach(item -> strings.add(Values.str(item)));
        return strings;
    }
}
