package io.textloom.token.vocabulary;

import java.util.Arrays;

/**
 * The characters that byte-level vocabularies write bytes with, such as {@code Ġ} for a space: printable Latin-1 as itself, the other bytes from U+0100 on.
 *
 * <p>Source: Radford et al. 2019, encoder of the released model.
 */
public final class ByteAlphabet {
    private static final int[] CHARACTERS = characters();
    private static final int[] BYTES = bytes();

    private ByteAlphabet() {}

    /** The character of a byte. */
    public static int character(int b) {
        return CHARACTERS[b];
    }

    /** The bytes that a token stands for; null if a character of it is not of this alphabet. */
    public static byte @org.jspecify.annotations.Nullable [] raw(String token) {
        byte[] raw = new byte[token.length()];
        for (int i = 0; i < raw.length; i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return null;
            }
            raw[i] = (byte) BYTES[c];
        }
        return raw;
    }

    private static int[] characters() {
        int[] characters = new int[256];
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            characters[b] = printable ? b : next++;
        }
        return characters;
    }

    private static int[] bytes() {
        int[] bytes = new int[512];
        Arrays.fill(bytes, -1);
        for (int b = 0; b < 256; b++) {
            bytes[CHARACTERS[b]] = b;
        }
        return bytes;
    }
}
