package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods of strings, with Python's names and meaning. */
final class StringMethods {
    private interface Method {
        Object apply(String s, Args args, Context c);
    }

    private static final Map<String, Method> ALL = Map.ofEntries(
            Map.entry("strip", (s, a, c) -> strip(s, a, true, true)),
            Map.entry("lstrip", (s, a, c) -> strip(s, a, true, false)),
            Map.entry("rstrip", (s, a, c) -> strip(s, a, false, true)),
            Map.entry("upper", (s, a, c) -> Text.upper(s)),
            Map.entry("lower", (s, a, c) -> Text.lower(s)),
            Map.entry("casefold", (s, a, c) -> Text.lower(Text.upper(s))),
            Map.entry("title", (s, a, c) -> Text.titleWords(s)),
            Map.entry("capitalize", (s, a, c) -> Text.capitalize(s)),
            Map.entry("swapcase", (s, a, c) -> swapCase(s)),
            Map.entry("split", (s, a, c) -> Split.left(s, a)),
            Map.entry("rsplit", (s, a, c) -> Split.right(s, a)),
            Map.entry(
                    "splitlines",
                    (s, a, c) -> Text.lines(s, a.bind("splitlines", "keepends").flag(0, false))),
            Map.entry(
                    "partition",
                    (s, a, c) -> partition(s, a.bind("partition", "sep").text(0), false)),
            Map.entry(
                    "rpartition",
                    (s, a, c) -> partition(s, a.bind("rpartition", "sep").text(0), true)),
            Map.entry("join", (s, a, c) -> join(s, a.bind("join", "iterable").get(0), c)),
            Map.entry("replace", StringMethods::replace),
            Map.entry("startswith", (s, a, c) -> edge(s, a, "startswith")),
            Map.entry("endswith", (s, a, c) -> edge(s, a, "endswith")),
            Map.entry("find", (s, a, c) -> find(s, a, "find")),
            Map.entry("rfind", (s, a, c) -> find(s, a, "rfind")),
            Map.entry("index", (s, a, c) -> found(find(s, a, "index"))),
            Map.entry("rindex", (s, a, c) -> found(find(s, a, "rindex"))),
            Map.entry("count", (s, a, c) -> count(s, a.bind("count", "sub").text(0))),
            Map.entry("removeprefix", (s, a, c) -> {
                String prefix = a.bind("removeprefix", "prefix").text(0);
                return s.startsWith(prefix) ? s.substring(prefix.length()) : s;
            }),
            Map.entry("removesuffix", (s, a, c) -> {
                String suffix = a.bind("removesuffix", "suffix").text(0);
                return s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s;
            }),
            Map.entry("format", (s, a, c) -> BraceFormat.format(s, a)),
            Map.entry("center", (s, a, c) -> pad(s, a, "center", c)),
            Map.entry("ljust", (s, a, c) -> pad(s, a, "ljust", c)),
            Map.entry("rjust", (s, a, c) -> pad(s, a, "rjust", c)),
            Map.entry("zfill", (s, a, c) -> {
                int sign = s.startsWith("-") || s.startsWith("+") ? 1 : 0;
                int room = room(s, a.bind("zfill", "width").integer(0, 0), c);
                return s.substring(0, sign) + "0".repeat(room) + s.substring(sign);
            }),
            Map.entry("isdigit", (s, a, c) -> all(s, StringMethods::isDigit)),
            Map.entry("isdecimal", (s, a, c) -> all(s, Character::isDigit)),
            Map.entry("isnumeric", (s, a, c) -> all(s, StringMethods::isNumeric)),
            Map.entry("isalpha", (s, a, c) -> all(s, Character::isLetter)),
            Map.entry("isalnum", (s, a, c) -> all(s, ch -> Character.isLetter(ch) || isNumeric(ch))),
            Map.entry("isspace", (s, a, c) -> all(s, Text::isSpace)),
            Map.entry("isascii", (s, a, c) -> s.codePoints().allMatch(ch -> ch < 128)),
            Map.entry("isupper", (s, a, c) -> isUpper(s)),
            Map.entry("islower", (s, a, c) -> isLower(s)),
            Map.entry(
                    "istitle",
                    (s, a, c) -> s.codePoints().anyMatch(Text::isCased)
                            && Text.titleWords(s).equals(s)),
            Map.entry(
                    "isidentifier",
                    (s, a, c) -> s.codePoints().limit(1).anyMatch(ch -> Character.isLetter(ch) || ch == '_')
                            && s.codePoints().allMatch(ch -> Character.isLetterOrDigit(ch) || ch == '_')),
            Map.entry("encode", (s, a, c) -> {
                throw new Fault("bytes are not available in templates");
            }));

    private StringMethods() {}

    static @Nullable Callable of(String s, String name) {
        Method method = ALL.get(name);
        return method == null
                ? null
                : (args, c) -> {
                    c.budget.spend(s.length());
                    return method.apply(s, args, c);
                };
    }

    static boolean isUpper(String s) {
        return s.codePoints().anyMatch(Character::isUpperCase) && s.codePoints().noneMatch(Character::isLowerCase);
    }

    static boolean isLower(String s) {
        return s.codePoints().anyMatch(Character::isLowerCase)
                && s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    private static boolean isDigit(int c) {
        return Character.isDigit(c)
                || Character.getType(c) == Character.OTHER_NUMBER && c >= 0xb2 && c <= 0x2089 && c < 0xbc
                || c >= 0x2070 && c <= 0x2089;
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean all(String s, Text.CharTest test) {
        return !s.isEmpty() && s.codePoints().allMatch(test::of);
    }

    private static String strip(String s, Args args, boolean left, boolean right) {
        Object chars = args.bind("strip", "chars").get(0, None.NONE);
        if (chars == None.NONE) {
            return Text.strip(s, Text::isSpace, left, right);
        }
        String dropped = Values.str(chars);
        return Text.strip(s, c -> dropped.indexOf(c) >= 0, left, right);
    }

    private static String swapCase(String s) {
        StringBuilder out = new StringBuilder();
        s.codePoints()
                .mapToObj(Character::toString)
                .forEach(c -> out.append(isLower(c) ? Text.upper(c) : Text.lower(c)));
        return out.toString();
    }

    private static Tuple partition(String s, String separator, boolean last) {
        requireSeparator(separator);
        int at = last ? s.lastIndexOf(separator) : s.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", s) : Tuple.of(s, "", "");
        }
        return Tuple.of(s.substring(0, at), separator, s.substring(at + separator.length()));
    }

    static void requireSeparator(String separator) {
        if (separator.isEmpty()) {
            throw new Fault("empty separator");
        }
    }

    private static String join(String separator, Object iterable, Context c) {
        List<String> parts = new ArrayList<>();
        long length = 0;
        for (Object item : Values.items(iterable)) {
            if (!(item instanceof String part)) {
                throw new Fault(
                        "sequence item " + parts.size() + ": expected str instance, " + Values.type(item) + " found");
            }
            parts.add(part);
            length += part.length() + separator.length();
        }
        c.budget.spend(length);
        c.budget.requireOutput(length);
        return String.join(separator, parts);
    }

    private static Object replace(String s, Args args, Context c) {
        Args.Bound bound = args.bind("replace", "old", "new", "count");
        return replace(s, bound.text(0), bound.text(1), bound.integer(2, -1), c);
    }

    /** @param most replacements; negative for all */
    static String replace(String s, String old, String with, int most, Context c) {
        StringBuilder out = new StringBuilder();
        int done = 0;
        int count = 0;
        while (most < 0 || count < most) {
            int at = old.isEmpty() ? (count == 0 ? 0 : done + 1) : s.indexOf(old, done);
            if (at < 0 || at > s.length()) {
                break;
            }
            if (old.isEmpty() && at > 0 && at < s.length() && Character.isLowSurrogate(s.charAt(at))) {
                at++;
            }
            out.append(s, done, at).append(with);
            c.budget.requireOutput(out.length());
            done = at + old.length();
            count++;
        }
        String result = out.append(s.substring(done)).toString();
        c.budget.spend(result.length());
        c.budget.requireOutput(result.length());
        return result;
    }

    private static boolean edge(String s, Args args, String method) {
        Args.Bound bound = args.bind(method, "prefix", "start", "end");
        String part = part(s, bound);
        List<Object> wanted = bound.get(0) instanceof Tuple several ? several : List.of(bound.text(0));
        return wanted.stream()
                .map(Values::str)
                .anyMatch(each -> method.equals("startswith") ? part.startsWith(each) : part.endsWith(each));
    }

    private static String part(String s, Args.Bound bound) {
        int length = Text.length(s);
        return Text.substring(s, clamp(bound.integer(1, 0), length), clamp(bound.integer(2, length), length));
    }

    private static int clamp(int index, int length) {
        return Math.max(0, Math.min(index < 0 ? index + length : index, length));
    }

    private static Object find(String s, Args args, String method) {
        Args.Bound bound = args.bind(method, "sub", "start", "end");
        String part = part(s, bound);
        int at = method.startsWith("r") ? part.lastIndexOf(bound.text(0)) : part.indexOf(bound.text(0));
        return at < 0 ? -1L : (long) part.codePointCount(0, at) + clamp(bound.integer(1, 0), Text.length(s));
    }

    private static Object found(Object at) {
        if (at.equals(-1L)) {
            throw new Fault("substring not found");
        }
        return at;
    }

    private static Object count(String s, String part) {
        if (part.isEmpty()) {
            return Text.length(s) + 1L;
        }
        long count = 0;
        for (int at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static int room(String s, int width, Context c) {
        c.budget.requireOutput(width);
        c.budget.spend(Math.max(0, width));
        return Math.max(0, Math.max(0, width) - Text.length(s));
    }

    static String pad(String s, Args args, String method, Context c) {
        Args.Bound bound = args.bind(method, "width", "fillchar");
        int width = bound.integer(0, 80);
        String fill = bound.text(1, " ");
        int room = room(s, width, c);
        // where the room is odd, Python's str.center puts the larger half left if the width is odd, too
        int left = method.equals("ljust") ? 0 : method.equals("rjust") ? room : room / 2 + (room & width & 1);
        return fill.repeat(left) + s + fill.repeat(room - left);
    }
}
