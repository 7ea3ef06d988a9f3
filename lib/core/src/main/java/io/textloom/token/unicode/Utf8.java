package io.textloom.token.unicode;

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
