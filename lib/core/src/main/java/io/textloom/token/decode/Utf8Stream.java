package io.textloom.token.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that arrive in parts, as text; a character comes out when its last byte is there. Not safe for concurrent use. */
final class Utf8Stream {
    private byte[] pending = new byte[0];

    /** The text up to the last complete character. */
    String append(byte[] more) {
        byte[] all = Arrays.copyOf(pending, pending.length + more.length);
        System.arraycopy(more, 0, all, pending.length, more.length);
        int complete = all.length - unfinished(all);
        pending = Arrays.copyOfRange(all, complete, all.length);
        return text(all, complete);
    }

    /** What is left, U+FFFD for a character that was cut off. */
    String end() {
        String left = text(pending, pending.length);
        pending = new byte[0];
        return left;
    }

    /** A U+FFFD for each longest beginning of a character; Java alone would make one of a surrogate's three bytes, which begin none. */
    private static String text(byte[] bytes, int length) {
        StringBuilder text = null;
        int done = 0;
        for (int i = 1; i < length; i++) {
            if (bytes[i - 1] == (byte) 0xed && (bytes[i] & 0xe0) == 0xa0) {
                text = text == null ? new StringBuilder() : text;
                text.append(new String(bytes, done, i - 1 - done, StandardCharsets.UTF_8))
                        .append('\ufffd');
                done = i;
            }
        }
        String rest = new String(bytes, done, length - done, StandardCharsets.UTF_8);
        return text == null ? rest : text.append(rest).toString();
    }

    /** How many bytes at the end could be the beginning of a character. */
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= 3 && back <= bytes.length; back++) {
            int b = bytes[bytes.length - back] & 0xff;
            if (b >= 0xc2 && b <= 0xf4) {
                int length = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
                return length > back && canContinue(b, bytes, bytes.length - back + 1) ? back : 0;
            }
            if (b < 0x80 || b > 0xbf) {
                return 0;
            }
        }
        return 0;
    }

    /** Whether the first continuation byte, if there, fits its lead: no overlong forms, surrogates or values above U+10FFFF. */
    private static boolean canContinue(int lead, byte[] bytes, int at) {
        if (at >= bytes.length) {
            return true;
        }
        int next = bytes[at] & 0xff;
        return switch (lead) {
            case 0xe0 -> next >= 0xa0;
            case 0xed -> next <= 0x9f;
            case 0xf0 -> next >= 0x90;
            case 0xf4 -> next <= 0x8f;
            default -> true;
        };
    }
}
