package io.textloom.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Checks on raw document bytes and text. */
public final class Texts {
    private static final long NOT_ASCII = 0x8080808080808080L;
    private static final VarHandle LONG_AT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Texts() {}

    /** Whether the bytes are well-formed UTF-8: no overlong forms, surrogates or values above U+10FFFF. Source: Unicode 15 table 3-7. */
    public static boolean isUtf8(byte[] bytes) {
        int i = 0;
        int n = bytes.length;
        while (i < n) {
            int lead = bytes[i] & 0xff;
            if (lead < 0x80) {
                i++;
                while (i + Long.BYTES <= n && ((long) LONG_AT.get(bytes, i) & NOT_ASCII) == 0) {
                    i += Long.BYTES;
                }
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
    public static boolean isBlank(byte[] utf8) {
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] > ' ') {
                return false;
            }
            if (utf8[i] < 0) {
                return isBlank(new String(utf8, i, utf8.length - i, StandardCharsets.UTF_8));
            }
            if (!Character.isWhitespace(utf8[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(String text) {
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }
}
