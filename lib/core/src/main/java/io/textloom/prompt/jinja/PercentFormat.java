package io.textloom.prompt.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code '%s is %d' % (a, b)} */
final class PercentFormat {
    private static final Pattern DIRECTIVE =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\d{1,6})?(?:\\.(\\d{1,3}))?([a-zA-Z%])?");

    private PercentFormat() {}

    static String format(String pattern, Object values) {
        List<Object> items = values instanceof Tuple tuple ? tuple : List.of(values);
        StringBuilder out = new StringBuilder();
        Matcher matcher = DIRECTIVE.matcher(pattern);
        int done = 0;
        int used = 0;
        while (matcher.find()) {
            out.append(pattern, done, matcher.start());
            done = matcher.end();
            String kind = matcher.group(5);
            if (kind == null) {
                throw new Fault("incomplete format");
            }
            if (kind.equals("%")) {
                out.append('%');
                continue;
            }
            Object value;
            String name = matcher.group(1);
            if (name != null) {
                if (!(values instanceof Dict dict) || !dict.has(name)) {
                    throw new Fault("the format names '" + name + "', which is not there");
                }
                value = Values.present(dict.get(name));
            } else if (used < items.size()) {
                value = items.get(used++);
            } else {
                throw new Fault("not enough arguments for format string");
            }
            String precision = matcher.group(4);
            String text = convert(kind.charAt(0), value, precision == null ? -1 : Integer.parseInt(precision));
            out.append(pad(text, matcher.group(2), matcher.group(3), kind.charAt(0)));
        }
        if (used < items.size() && !(values instanceof Dict)) {
            throw new Fault("not all arguments converted during string formatting");
        }
        return out.append(pattern.substring(done)).toString();
    }

    private static String convert(char kind, Object value, int precision) {
        switch (kind) {
            case 's', 'r' -> {
                String text = kind == 's' ? Values.str(value) : Values.repr(value);
                return precision < 0 ? text : Text.substring(text, 0, Math.min(precision, Text.length(text)));
            }
            case 'd', 'i', 'u', 'x', 'X', 'o' -> {
                if (!Numbers.isNumber(value)) {
                    throw new Fault("%" + kind + " format: a real number is required, not " + Values.type(value));
                }
                Object whole = value instanceof Double d ? Numbers.truncate(d) : value;
                int radix = kind == 'o' ? 8 : kind == 'x' || kind == 'X' ? 16 : 10;
                String digits = Numbers.big(whole).toString(radix);
                return kind == 'X' ? Text.upper(digits) : digits;
            }
            case 'f', 'F', 'e', 'E', 'g', 'G' -> {
                if (!Numbers.isNumber(value)) {
                    throw new Fault("must be real number, not " + Values.type(value));
                }
                return real(Character.toLowerCase(kind), Numbers.real(value), precision < 0 ? 6 : precision);
            }
            default -> throw new Fault("unsupported format character '" + kind + "'");
        }
    }

    static String real(char kind, double value, int precision) {
        if (!Double.isFinite(value)) {
            return Numbers.repr(value);
        }
        if (kind == 'f') {
            return new BigDecimal(value)
                    .setScale(precision, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }
        if (kind == 'e') {
            return String.format(java.util.Locale.ROOT, "%." + precision + "e", value);
        }
        int digits = Math.max(1, precision);
        BigDecimal rounded = new BigDecimal(value).round(new java.math.MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= digits) {
            return String.format(java.util.Locale.ROOT, "%." + (digits - 1) + "e", value)
                    .replaceFirst("\\.?0+e", "e");
        }
        return value == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private static String pad(String text, String flags, @org.jspecify.annotations.Nullable String width, char kind) {
        String signed = "sr".indexOf(kind) < 0 && flags.indexOf('+') >= 0 && !text.startsWith("-") ? "+" + text : text;
        int room = width == null ? 0 : Integer.parseInt(width) - Text.length(signed);
        if (room <= 0) {
            return signed;
        }
        if (flags.indexOf('-') >= 0) {
            return signed + " ".repeat(room);
        }
        if (flags.indexOf('0') >= 0 && "sr".indexOf(kind) < 0) {
            int sign = signed.startsWith("-") || signed.startsWith("+") ? 1 : 0;
            return signed.substring(0, sign) + "0".repeat(room) + signed.substring(sign);
        }
        return " ".repeat(room) + signed;
    }
}
