package io.textloom.text;

/** Checks on raw document bytes and text. */
public final class Texts {
    private Texts() {}

    /** Whether the bytes are well-formed UTF-8: no overlong forms, surrogates or values above U+10FFFF. Source: Unicode 15 table 3-7. */
    public static boolean isUtf8(byte[] bytes) {
        int i = 0;
        int n = bytes.length;
        while (i < n) {
            int lead = bytes[i] & 0xff;
            if (lead < 0x80) {
                i++;
                continue;
            }
            int trailing;
            int low = 0x80;
            int high = 0xbf;
            if (lead >= 0xc2 && lead <= 0xdf) {
                trailing = 1;
            } else if (lead >= 0xe0 && lead <= 0xef) {
                trailing = 2;
                low = lead == 0xe0 ? 0xa0 : 0x80;
                high = lead == 0xed ? 0x9f : 0xbf;
            } else if (lead >= 0xf0 && lead <= 0xf4) {
                trailing = 3;
                low = lead == 0xf0 ? 0x90 : 0x80;
                high = lead == 0xf4 ? 0x8f : 0xbf;
            } else {
                return false;
            }
            if (i + trailing >= n) {
                return false;
            }
            int first = bytes[i + 1] & 0xff;
            if (first < low || first > high) {
                return false;
            }
            for (int k = 2; k <= trailing; k++) {
                if ((bytes[i + k] & 0xc0) != 0x80) {
                    return false;
                }
            }
            i += trailing + 1;
        }
        return true;
    }

    /**
     * Whether the text has nothing but white space and space separators such as U+00A0 and U+3000.
     *
     * @param utf8 well-formed; looked at up to the first character that is neither
     */
    public static boolean isBlank(byte[] utf8) {
        int i = 0;
        while (i < utf8.length) {
            int lead = utf8[i];
            int length = lead >= 0 ? 1 : lead < (byte) 0xe0 ? 2 : lead < (byte) 0xf0 ? 3 : 4;
            int codePoint = length == 1 ? lead : lead & (0x7f >> length);
            for (int k = 1; k < length; k++) {
                codePoint = codePoint << 6 | (utf8[i + k] & 0x3f);
            }
            if (!Character.isWhitespace(codePoint) && !Character.isSpaceChar(codePoint)) {
                return false;
            }
            i += length;
        }
        return true;
    }

    /** Whether a line has nothing but spaces, tabs and carriage returns. */
    public static boolean isBlankLine(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
