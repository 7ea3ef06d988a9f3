package io.textloom.token;

import java.nio.charset.StandardCharsets;

/** Java strings as UTF-8. */
final class Utf16 {
    private Utf16() {}

    /** The text in UTF-8; every lone surrogate becomes U+FFFD, as Rust strings and Python's {@code errors="replace"} on UTF-16 have it. */
    static byte[] toUtf8(String text) {
        int at = loneSurrogate(text, 0);
        return (at < 0 ? text : mended(text, at)).getBytes(StandardCharsets.UTF_8);
    }

    private static String mended(String text, int first) {
        StringBuilder mended = new StringBuilder(text);
        for (int at = first; at >= 0; at = loneSurrogate(text, at + 1)) {
            mended.setCharAt(at, '\ufffd');
        }
        return mended.toString();
    }

    private static int loneSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return i;
            }
        }
        return -1;
    }
}
