package io.textloom.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a few fields out of a line of JSON Lines in one pass over its bytes. What is unusual it leaves to a full parser, so that what it accepts is what any parser
 * accepts.
 *
 * <p>Source: RFC 8259. Not safe for concurrent use.
 */
public final class JsonFields {
    private static final int MAX_DEPTH = 64;

    private final byte[][] names;
    private final byte[] @Nullable [] values;
    private byte[] json = new byte[0];
    private byte[] scratch = new byte[256];
    private int at;
    private int depth;

    /** @param names of the fields wanted */
    public JsonFields(List<String> names) {
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        values = new byte[names.size()][];
    }

    /**
     * Reads a line that is one object.
     *
     * @param line well-formed UTF-8
     * @return false if the line is not plain JSON or a wanted field is neither a string nor null: nothing is known of it then
     */
    public boolean read(byte[] line) {
        json = line;
        at = 0;
        depth = 0;
        Arrays.fill(values, null);
        skipSpace();
        if (!take('{')) {
            return false;
        }
        skipSpace();
        if (!take('}')) {
            do {
                if (!field()) {
                    return false;
                }
            } while (take(','));
            if (!take('}')) {
                return false;
            }
        }
        skipSpace();
        return at == json.length;
    }

    /** The text of a field; null if it is absent or null. Owned by the caller. */
    public byte @Nullable [] value(int field) {
        return values[field];
    }

    /** A name and its value, and the space around them. */
    private boolean field() {
        skipSpace();
        int start = at;
        int plain = string(false);
        if (plain < 0) {
            return false;
        }
        int wanted = plain > 0 ? wanted(json, start + 1, at - 1) : wantedEscaped(start);
        skipSpace();
        if (!take(':')) {
            return false;
        }
        skipSpace();
        boolean sound = wanted < 0 ? skipValue() : wantedValue(wanted);
        skipSpace();
        return sound;
    }

    private int wanted(byte[] from, int start, int end) {
        for (int i = 0; i < names.length; i++) {
            if (Arrays.equals(names[i], 0, names[i].length, from, start, end)) {
                return i;
            }
        }
        return -1;
    }

    private int wantedEscaped(int start) {
        int end = at;
        at = start;
        string(true);
        byte[] name = taken();
        at = end;
        return wanted(name, 0, name.length);
    }

    private boolean wantedValue(int field) {
        if (at < json.length && json[at] == '"') {
            int start = at;
            int plain = string(false);
            if (plain > 0) {
                values[field] = Arrays.copyOfRange(json, start + 1, at - 1);
            } else if (plain == 0) {
                at = start;
                string(true);
                values[field] = taken();
            }
            return plain >= 0;
        }
        values[field] = null;
        return word("null");
    }

    private int length;

    private byte[] taken() {
        return Arrays.copyOf(scratch, length);
    }

    /**
     * A string with its quotes.
     *
     * @param keep whether its text goes to the scratch array
     * @return 1 if it stands as it is, 0 if it has escapes, -1 if it is not sound
     */
    private int string(boolean keep) {
        if (!take('"')) {
            return -1;
        }
        int plain = 1;
        length = 0;
        if (keep && scratch.length < json.length) {
            scratch = new byte[json.length];
        }
        while (at < json.length) {
            byte c = json[at++];
            if (c == '"') {
                return plain;
            }
            if (c == '\\') {
                plain = 0;
                if (!escape(keep)) {
                    return -1;
                }
            } else if (c >= 0 && c < ' ') {
                return -1;
            } else if (keep) {
                scratch[length++] = c;
            }
        }
        return -1;
    }

    /** What follows a backslash; an escape is at least as long as what it stands for. */
    private boolean escape(boolean keep) {
        if (at >= json.length) {
            return false;
        }
        byte c = json[at++];
        int character = switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> escapedCharacter();
            default -> -1;
        };
        if (character >= 0 && keep) {
            byte[] utf8 = Character.toString(character).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(utf8, 0, scratch, length, utf8.length);
            length += utf8.length;
        }
        return character >= 0;
    }

    /** The code point of four hexadecimal digits, or of a surrogate pair; -1 if it is none. */
    private int escapedCharacter() {
        int unit = unit();
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
            return unit;
        }
        if (!Character.isHighSurrogate((char) unit) || !take('\\') || !take('u')) {
            return -1;
        }
        int low = unit();
        return low >= 0 && Character.isLowSurrogate((char) low) ? Character.toCodePoint((char) unit, (char) low) : -1;
    }

    private int unit() {
        int unit = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = at < json.length ? Character.digit(json[at], 16) : -1;
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private boolean skipValue() {
        if (at >= json.length) {
            return false;
        }
        return switch (json[at]) {
            case '"' -> string(false) >= 0;
            case '{' -> skipNested('}', true);
            case '[' -> skipNested(']', false);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean skipNested(char close, boolean named) {
        if (++depth > MAX_DEPTH) {
            return false;
        }
        at++;
        skipSpace();
        if (!take(close)) {
            do {
                skipSpace();
                if (named) {
                    if (string(false) < 0) {
                        return false;
                    }
                    skipSpace();
                    if (!take(':')) {
                        return false;
                    }
                    skipSpace();
                }
                if (!skipValue()) {
                    return false;
                }
                skipSpace();
            } while (take(','));
            if (!take(close)) {
                return false;
            }
        }
        depth--;
        return true;
    }

    private boolean number() {
        take('-');
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at > start;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!take(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean take(char c) {
        if (at < json.length && json[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < json.length && (json[at] == ' ' || json[at] == '\t' || json[at] == '\r' || json[at] == '\n')) {
            at++;
        }
    }
}
