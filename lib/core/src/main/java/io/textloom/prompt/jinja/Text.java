package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;

/** Strings as Python has them: counted in code points, with its idea of white space and of line breaks. */
final class Text {
    private Text() {}

    /** Python's {@code str.isspace} of one character; all of them are in the basic plane. */
    static boolean isSpace(int c) {
        return c >= 9 && c <= 13
                || c >= 0x1c && c <= 0x20
                || c == 0x85
                || c == 0xa0
                || c > 0xff && (Character.isSpaceChar(c) && c != 0x200b);
    }

    static boolean isLineBreak(int c) {
        return c >= 10 && c <= 13 || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    /** Where code point {@code index} begins; unit: UTF-16 units. */
    static int offset(String s, int index) {
        return s.offsetByCodePoints(0, index);
    }

    static String substring(String s, int from, int to) {
        return from >= to ? "" : s.substring(offset(s, from), offset(s, to));
    }

    static List<Object> characters(String s) {
        List<Object> characters = new ArrayList<>(s.length());
        s.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static String reverse(String s) {
        return new StringBuilder(s).reverse().toString();
    }

    interface CharTest {
        boolean of(int character);
    }

    static String strip(String s, CharTest dropped, boolean left, boolean right) {
        int from = 0;
        int to = s.length();
        while (left && from < to && dropped.of(s.codePointAt(from))) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (right && to > from && dropped.of(s.codePointBefore(to))) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        return s.substring(from, to);
    }

    static String strip(String s) {
        return strip(s, Text::isSpace, true, true);
    }

    static String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int first = Character.charCount(s.codePointAt(0));
        return title(s.substring(0, first))
                + lower(s).substring(lower(s.substring(0, first)).length());
    }

    /** Title case of one character: Java has it for single characters alone, so that sharp s and ligatures go by upper case. */
    private static String title(String character) {
        int c = character.codePointAt(0);
        int titled = Character.toTitleCase(c);
        if (titled != c) {
            return Character.toString(titled);
        }
        String upper = upper(character);
        int first = Character.charCount(upper.codePointAt(0));
        return upper.substring(0, first) + lower(upper.substring(first));
    }

    static String upper(String s) {
        return s.toUpperCase(java.util.Locale.ROOT);
    }

    static String lower(String s) {
        return s.toLowerCase(java.util.Locale.ROOT);
    }

    /** {@code str.title}: every run of cased characters begins with an upper case one. */
    static String titleWords(String s) {
        StringBuilder out = new StringBuilder(s.length());
        boolean inside = false;
        for (int i = 0; i < s.length(); i += Character.charCount(s.codePointAt(i))) {
            int c = s.codePointAt(i);
            out.append(inside ? lower(Character.toString(c)) : title(Character.toString(c)));
            inside = isCased(c);
        }
        return out.toString();
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static List<Object> lines(String s, boolean keepBreaks) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < s.length(); i++) {
            if (isLineBreak(s.charAt(i))) {
                int end = s.charAt(i) == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n' ? i + 2 : i + 1;
                lines.add(s.substring(start, keepBreaks ? end : i));
                start = end;
                i = end - 1;
            }
        }
        if (start < s.length()) {
            lines.add(s.substring(start));
        }
        return lines;
    }

    /** Whether Python spells the character as itself inside quotes. */
    static boolean isPrintable(int c) {
        int type = Character.getType(c);
        return c == ' '
                || type != Character.CONTROL
                        && type != Character.FORMAT
                        && type != Character.SURROGATE
                        && type != Character.PRIVATE_USE
                        && type != Character.UNASSIGNED
                        && type != Character.LINE_SEPARATOR
                        && type != Character.PARAGRAPH_SEPARATOR
                        && type != Character.SPACE_SEPARATOR;
    }

    /** In quotes, with escapes. */
    static String repr(String s) {
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(s.length() + 2).append(quote);
        s.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                out.append('\\').append(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
            } else if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(
                        c < 0x100
                                ? "\\x%02x".formatted(c)
                                : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
            }
        });
        return out.append(quote).toString();
    }
}
