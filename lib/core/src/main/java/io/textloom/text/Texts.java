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

    /** Whether the text has nothing but white space and space separators such as U+00A0 and U+3000. */
    public static boolean isBlank(String text) {
        return text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }
}
