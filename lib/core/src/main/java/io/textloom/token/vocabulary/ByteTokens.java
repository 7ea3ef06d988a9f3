package io.textloom.token.vocabulary;

import java.util.Locale;

/** The tokens {@code <0x00>} to {@code <0xFF>} that stand for bytes of characters without a token. Immutable and safe for concurrent use. */
final class ByteTokens {
    private final int[] ids = new int[256];

    ByteTokens(Vocabulary vocabulary) {
        for (int b = 0; b < 256; b++) {
            ids[b] = vocabulary.id(String.format(Locale.ROOT, "<0x%02X>", b));
        }
    }

    /** Whether each of these bytes has a token. */
    boolean cover(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (ids[text[i] & 0xff] < 0) {
                return false;
            }
        }
        return true;
    }

    boolean areComplete() {
        for (int id : ids) {
            if (id < 0) {
                return false;
            }
        }
        return true;
    }

    int id(byte b) {
        return ids[b & 0xff];
    }
}
