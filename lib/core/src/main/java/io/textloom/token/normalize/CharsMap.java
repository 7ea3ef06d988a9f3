package io.textloom.token.normalize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The rewriting rules inside a SentencePiece model: a double-array trie from text to a place in a list of texts. Immutable and safe for concurrent use.
 *
 * <p>Source: SentencePiece's {@code precompiled_charsmap}; the crate spm_precompiled 0.1.4, which takes the shortest rule that a text begins with.
 */
public final class CharsMap {
    /** For {@link #find}: no rule. */
    static final int NONE = -1;

    private static final int HAS_LEAF = 1 << 8;
    private static final int WIDE_OFFSET = 1 << 9;
    private static final int LABEL = 1 << 31 | 0xff;

    private final int[] units;
    private final byte[] texts;

    private CharsMap(int[] units, byte[] texts) {
        this.units = units;
        this.texts = texts;
    }

    /**
     * @param base64 length of the trie in bytes, its units, all little-endian 32-bit, and the texts in UTF-8, each with a zero behind
     * @throws IllegalArgumentException if it is not that
     */
    public static CharsMap decode(String base64) {
        ByteBuffer data = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        long bytes = data.remaining() < 4 ? 0 : Integer.toUnsignedLong(data.getInt());
        if (bytes < 4 || bytes > data.remaining()) {
            throw new IllegalArgumentException(
                    "the charsmap says that its trie has " + bytes + " bytes; expected 4 to " + data.remaining());
        }
        int[] units = new int[(int) bytes / 4];
        data.asIntBuffer().get(units);
        data.position(data.position() + 4 * units.length);
        byte[] texts = new byte[data.remaining()];
        data.get(texts);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the texts of the charsmap are not UTF-8", e);
        }
        return new CharsMap(units, texts);
    }

    /** Where the text of the shortest rule begins that {@code text[from, to)} begins with; {@link #NONE} if none does. */
    int find(byte[] text, int from, int to) {
        int node = offset(units[0]);
        for (int i = from; i < to && text[i] != 0; i++) {
            int c = text[i] & 0xff;
            int unit = unit(node ^ c);
            if ((unit & LABEL) != c) {
                return NONE;
            }
            node = node ^ c ^ offset(unit);
            if ((unit & HAS_LEAF) != 0) {
                int found = unit(node) & Integer.MAX_VALUE;
                if (found > texts.length || found < texts.length && (texts[found] & 0xc0) == 0x80) {
                    throw new IllegalArgumentException("the charsmap points to byte " + found + " of its "
                            + texts.length + " bytes of text; expected the beginning of one");
                }
                return found;
            }
        }
        return NONE;
    }

    /** The text that begins there is {@code texts()[found, end(found))}. */
    int end(int found) {
        int end = found;
        while (end < texts.length && texts[end] != 0) {
            end++;
        }
        return end;
    }

    /** Not copied. */
    byte[] texts() {
        return texts;
    }

    private int unit(int place) {
        if (place < 0 || place >= units.length) {
            throw new IllegalArgumentException(
                    "the charsmap points to unit " + place + " of its " + units.length + "; expected one of them");
        }
        return units[place];
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & WIDE_OFFSET) >>> 6);
    }
}
