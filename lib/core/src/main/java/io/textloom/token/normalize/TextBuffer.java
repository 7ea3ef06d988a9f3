package io.textloom.token.normalize;

import io.textloom.token.unicode.Utf8;
import java.util.Arrays;

/**
 * A text as UTF-8 in an array that grows and is used again, and, where asked for, the characters of the original that each byte stands for.
 *
 * <p>Not safe for concurrent use. {@link #PADDING} bytes after the text may be read, whatever they hold, so that words load eight bytes at a time.
 */
public final class TextBuffer {
    /** unit: bytes */
    public static final int PADDING = 16;

    private byte[] bytes = new byte[1024];
    private int length;
    private boolean aligned;
    private int[] starts = new int[0];
    private int[] ends = new int[0];

    /** @param aligned whether the origin of each byte is kept */
    public void clear(boolean aligned) {
        length = 0;
        this.aligned = aligned;
    }

    /** Takes the original text; its characters are their own origins. */
    public void set(byte[] utf8, int from, int to, boolean aligned) {
        clear(aligned);
        reserve(to - from);
        System.arraycopy(utf8, from, bytes, 0, to - from);
        length = to - from;
        if (aligned) {
            int character = -1;
            for (int i = 0; i < length; i++) {
                character += (bytes[i] & 0xc0) != 0x80 ? 1 : 0;
                starts[i] = character;
                ends[i] = character + 1;
            }
        }
    }

    /** Makes room for {@code more} bytes behind the text. */
    public void reserve(int more) {
        int needed = Math.addExact(length, more) + PADDING;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.length)));
        }
        if (aligned && starts.length < bytes.length) {
            starts = Arrays.copyOf(starts, bytes.length);
            ends = Arrays.copyOf(ends, bytes.length);
        }
    }

    /** The array itself, longer than the text; valid until the next {@link #reserve}. */
    public byte[] bytes() {
        return bytes;
    }

    /** unit: bytes */
    public int length() {
        return length;
    }

    /** For those who wrote into {@link #bytes} after {@link #reserve}. */
    public void setLength(int length) {
        this.length = length;
    }

    public boolean aligned() {
        return aligned;
    }

    /** First character of the original that the byte stands for; unit: code points. */
    public int start(int at) {
        return starts[at];
    }

    /** One past the last character of the original that the byte stands for; unit: code points. */
    public int end(int at) {
        return ends[at];
    }

    /** Appends a character; {@code start} and {@code end} matter only where origins are kept. */
    public void put(int codePoint, int start, int end) {
        reserve(4);
        int n = Utf8.write(codePoint, bytes, length);
        if (aligned) {
            Arrays.fill(starts, length, length + n, start);
            Arrays.fill(ends, length, length + n, end);
        }
        length += n;
    }

    /** Appends {@code [from, to)} of another buffer with its origins. */
    public void copy(TextBuffer other, int from, int to) {
        reserve(to - from);
        System.arraycopy(other.bytes, from, bytes, length, to - from);
        if (aligned) {
            System.arraycopy(other.starts, from, starts, length, to - from);
            System.arraycopy(other.ends, from, ends, length, to - from);
        }
        length += to - from;
    }

    /** Appends a character whose origin is that of {@code other}'s byte {@code at}. */
    public void put(int codePoint, TextBuffer other, int at) {
        if (aligned) {
            put(codePoint, other.starts[at], other.ends[at]);
        } else {
            reserve(4);
            length += Utf8.write(codePoint, bytes, length);
        }
    }

    /** Appends a text all of which has the origin of {@code other}'s byte {@code at}. */
    public void put(String text, TextBuffer other, int at) {
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            put(codePoint, other, at);
            i += Character.charCount(codePoint);
        }
    }

    /** Appends {@code utf8[from, to)}, which has no origin; only where none are kept. */
    public void put(byte[] utf8, int from, int to) {
        reserve(to - from);
        System.arraycopy(utf8, from, bytes, length, to - from);
        length += to - from;
    }
}
