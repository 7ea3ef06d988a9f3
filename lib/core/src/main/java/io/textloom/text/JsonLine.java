package io.textloom.text;

/** Checks on one line of JSON Lines that a lenient parser does not make. */
public final class JsonLine {
    private JsonLine() {}

    /** Whether the line has nothing but white space. */
    public static boolean isBlank(byte[] json) {
        return skipSpace(json, 0) == json.length;
    }

    /**
     * Whether the line begins with an object and ends with that object. Its inside is the parser's business.
     *
     * @param json well-formed UTF-8
     */
    public static boolean isOneObject(byte[] json) {
        int i = skipSpace(json, 0);
        if (i == json.length || json[i] != '{') {
            return false;
        }
        int depth = 0;
        boolean inString = false;
        for (; i < json.length; i++) {
            byte c = json[i];
            if (inString) {
                if (c == '\\') {
                    i++;
                } else {
                    inString = c != '"';
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return skipSpace(json, i + 1) == json.length;
            }
        }
        return false;
    }

    private static int skipSpace(byte[] json, int from) {
        int i = from;
        while (i < json.length && (json[i] == ' ' || json[i] == '\t' || json[i] == '\r' || json[i] == '\n')) {
            i++;
        }
        return i;
    }

    /**
     * Whether a {@code \\uD800}–{@code \\uDFFF} escape stands without its partner: a reader would replace it silently.
     *
     * @param json well-formed UTF-8
     */
    public static boolean hasLoneSurrogate(byte[] json) {
        int i = 0;
        while (i < json.length) {
            if (json[i] != '\\') {
                i++;
                continue;
            }
            int unit = unit(json, i);
            if (unit < 0xd800 || unit > 0xdfff) {
                i += 2;
                continue;
            }
            int next = unit(json, i + 6);
            if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) {
                return true;
            }
            i += 12;
        }
        return false;
    }

    /** The code unit of a {@code \\uXXXX} escape at {@code at}, or -1. */
    private static int unit(byte[] json, int at) {
        if (at + 6 > json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int k = 2; k < 6; k++) {
            int digit = Character.digit(json[at + k], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
