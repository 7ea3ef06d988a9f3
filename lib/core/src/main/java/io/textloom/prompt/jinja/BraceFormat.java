package io.textloom.prompt.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code '{} and {name:>5}'.format(…)}: fields by place or name with a format, no attributes of them. */
final class BraceFormat {
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)(?:!([rs]))?(?::([^{}]*))?\\}|[{}]");
    private static final Pattern SPEC =
            Pattern.compile("(?:(.)?([<>^=]))?([-+ ])?(0)?(\\d{1,6})?(,)?(?:\\.(\\d{1,3}))?([a-zA-Z%])?");

    private BraceFormat() {}

    static String format(String pattern, Args args) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = FIELD.matcher(pattern);
        int done = 0;
        int next = 0;
        while (matcher.find()) {
            out.append(pattern, done, matcher.start());
            done = matcher.end();
            String all = matcher.group();
            if (all.equals("{{") || all.equals("}}")) {
                out.append(all.charAt(0));
                continue;
            }
            String name = matcher.group(1);
            if (name == null) {
                throw new Fault("single '" + all + "' encountered in format string");
            }
            Object value = field(name.isEmpty() ? String.valueOf(next++) : name, args);
            if ("r".equals(matcher.group(2))) {
                value = Values.repr(value);
            }
            String spec = matcher.group(3);
            out.append(spec == null || spec.isEmpty() ? Values.str(value) : spelled(value, spec));
        }
        return out.append(pattern.substring(done)).toString();
    }

    private static Object field(String name, Args args) {
        if (name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 7) {
            int place = Integer.parseInt(name);
            if (place >= args.positional().size()) {
                throw new Fault("Replacement index " + place + " out of range for positional args tuple");
            }
            return args.positional().get(place);
        }
        Object value = args.named().get(name);
        if (value == null) {
            throw new Fault("format() has no argument '" + name + "'");
        }
        return value;
    }

    private static String spelled(Object value, String spec) {
        Matcher m = SPEC.matcher(spec);
        if (!m.matches()) {
            throw new Fault("Invalid format specifier '" + spec + "'");
        }
        boolean number = Numbers.isNumber(value) && !(value instanceof Boolean);
        String text = number ? number(value, m.group(6) != null, m.group(7), m.group(8)) : text(value, m.group(7));
        if (number && "+".equals(m.group(3)) && !text.startsWith("-")) {
            text = "+" + text;
        }
        int room = m.group(5) == null ? 0 : Integer.parseInt(m.group(5)) - Text.length(text);
        if (room <= 0) {
            return text;
        }
        boolean zeros = m.group(4) != null && m.group(2) == null;
        String fill = m.group(1) != null ? m.group(1) : m.group(4) != null ? "0" : " ";
        String align = m.group(2) != null ? m.group(2) : zeros ? "=" : number ? ">" : "<";
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return switch (align) {
            case "<" -> text + fill.repeat(room);
            case "^" -> fill.repeat(room / 2) + text + fill.repeat(room - room / 2);
            case "=" -> text.substring(0, sign) + fill.repeat(room) + text.substring(sign);
            default -> fill.repeat(room) + text;
        };
    }

    private static String text(Object value, @org.jspecify.annotations.Nullable String precision) {
        String text = Values.str(value);
        return precision == null
                ? text
                : Text.substring(text, 0, Math.min(Integer.parseInt(precision), Text.length(text)));
    }

    private static String number(
            Object value,
            boolean commas,
            @org.jspecify.annotations.Nullable String precision,
            @org.jspecify.annotations.Nullable String kind) {
        String text;
        if (kind == null && precision == null) {
            text = Values.str(value);
        } else if (kind == null || "feEgG%".contains(kind)) {
            double real = Numbers.real(value) * ("%".equals(kind) ? 100 : 1);
            char form = kind == null ? 'g' : kind.equals("%") ? 'f' : Character.toLowerCase(kind.charAt(0));
            text = PercentFormat.real(form, real, precision == null ? 6 : Integer.parseInt(precision))
                    + ("%".equals(kind) ? "%" : "");
        } else if ("dxXob".contains(kind) && Numbers.isInteger(value)) {
            int radix = kind.equals("d") ? 10 : kind.equals("o") ? 8 : kind.equals("b") ? 2 : 16;
            text = Numbers.big(value).toString(radix);
            text = kind.equals("X") ? Text.upper(text) : text;
        } else {
            throw new Fault("Unknown format code '" + kind + "' for object of type '" + Values.type(value) + "'");
        }
        return commas ? grouped(text) : text;
    }

    private static String grouped(String text) {
        int dot = text.indexOf('.');
        int end = dot < 0 ? text.length() : dot;
        int first = text.startsWith("-") ? 1 : 0;
        StringBuilder out = new StringBuilder(text);
        for (int i = end - 3; i > first; i -= 3) {
            out.insert(i, ',');
        }
        return out.toString();
    }
}
