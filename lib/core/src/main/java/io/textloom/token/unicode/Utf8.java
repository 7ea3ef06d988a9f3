package io.textloom.token.unicode;

import java.nio.charset.StandardCharsets;

/** Code points in well-formed UTF-8. */
public final class Utf8 {
    private Utf8() {}

    /** The code point whose first byte is {@code bytes[at]}. */
    public static int read(byte[] bytes, int at) {
        int lead = bytes[at];
        if (lead >= 0) {
            return lead;
        }
        if (lead < (byte) 0xe0) {
            return (lead & 0x1f) << 6 | bytes[at + 1] & 0x3f;
        }
        if (lead < (byte) 0xf0) {
            return (lead & 0xf) << 12 | (bytes[at + 1] & 0x3f) << 6 | bytes[at + 2] & 0x3f;
        }
        return (lead & 7) << 18 | (bytes[at + 1] & 0x3f) << 12 | (bytes[at + 2] & 0x3f) << 6 | bytes[at + 3] & 0x3f;
    }

    /** Length of the character with this first byte; unit: bytes. */
    public static int length(byte lead) {
        if (lead >= 0) {
            return 1;
        }
        return lead < (byte) 0xe0 ? 2 : lead < (byte) 0xf0 ? 3 : 4;
    }

    /** Start of the character that ends before {@code at}. */
    public static int previous(byte[] bytes, int at) {
        int start = at - 1;
        while ((bytes[start] & 0xc0) == 0x80) {
            start--;
        }
        return start;
    }

    /**
     * Bytes as text. What is not UTF-8 becomes one U+FFFD for each longest beginning of a character that is not finished, or for each byte that begins none, as in Rust;
     * Java's own decoder counts some of them differently.
     */
    public static String lossy(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int sound = from;
        int at = from;
        while (at < to) {
            int length = soundLength(bytes, at, to);
            if (length > 0) {
                at += length;
                continue;
            }
            text.append(new String(bytes, sound, at - sound, StandardCharsets.UTF_8))
                    .append('\ufffd');
            at += -length;
            sound = at;
        }
        return text.append(new String(bytes, sound, to - sound, StandardCharsets.UTF_8))
                .toString();
    }

    /** Length of the character at {@code at}; if there is none, the negated length of what one U+FFFD stands for. */
    private static int soundLength(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xff;
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xc2 || lead > 0xf4) {
            return -1;
        }
        int length = length((byte) lead);
        for (int k = 1; k < length; k++) {
            int low = k > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
            int high = k > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
            int next = at + k < to ? bytes[at + k] & 0xff : 0;
            if (next < low || next > high) {
                return -k;
            }
        }
        return length;
    }

    /** @return how many bytes were written */
    public static int write(int codePoint, byte[] into, int at) {
        if (codePoint < 0x80) {
            into[at] = (byte) codePoint;
            return 1;
        }
        if (codePoint < 0x800) {
            into[at] = (byte) (0xc0 | codePoint >> 6);
            into[at + 1] = (byte) (0x80 | codePoint & 0x3f);
            return 2;
        }
        if (codePoint < 0x10000) {
            into[at] = (byte) (0xe0 | codePoint >> 12);
            into[at + 1] = (byte) (0x80 | codePoint >> 6 & 0x3f);
            into[at + 2] = (byte) (0x80 | codePoint & 0x3f);
            return 3;
        }
        into[at] = (byte) (0xf0 | codePoint >> 18);
        into[at + 1] = (byte) (0x80 | codePoint >> 12 & 0x3f);
        into[at + 2] = (byte) (0x80 | codePoint >> 6 & 0x3f);
        into[at + 3] = (byte) (0x80 | codePoint & 0x3f);
        return 4;
    }
}
