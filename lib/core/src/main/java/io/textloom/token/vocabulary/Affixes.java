package io.textloom.token.vocabulary;

import io.textloom.token.unicode.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Single characters of a vocabulary that spells them otherwise inside a word or at its end, such as {@code ##a} or {@code a</w>}. Immutable and safe for concurrent use.
 */
public final class Affixes {
    private final boolean empty;
    /** By {@code (inside ? 1 : 0) + (last ? 2 : 0)}; each has the bare characters and their ids. */
    private final Vocabulary[] characters = new Vocabulary[4];

    /**
     * @param prefix of every character but the first; may be empty
     * @param suffix of the last character; may be empty
     */
    public Affixes(Vocabulary vocabulary, String prefix, String suffix) {
        empty = prefix.isEmpty() && suffix.isEmpty();
        byte[] front = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] back = suffix.getBytes(StandardCharsets.UTF_8);
        for (int variant = 0; variant < characters.length; variant++) {
            characters[variant] = variant > 0 && empty
                    ? characters[0]
                    : bare(
                            vocabulary,
                            (variant & 1) != 0 ? front : new byte[0],
                            (variant & 2) != 0 ? back : new byte[0]);
        }
    }

    private static Vocabulary bare(Vocabulary vocabulary, byte[] front, byte[] back) {
        Vocabulary.Builder bare = new Vocabulary.Builder();
        for (int id = 0; id < vocabulary.size(); id++) {
            int length = vocabulary.has(id) ? vocabulary.length(id) - front.length - back.length : 0;
            if (length < 1 || length > 4) {
                continue;
            }
            byte[] token = vocabulary.bytes(id);
            if (Utf8.length(token[front.length]) == length
                    && Arrays.equals(token, 0, front.length, front, 0, front.length)
                    && Arrays.equals(token, token.length - back.length, token.length, back, 0, back.length)) {
                bare.add(Arrays.copyOfRange(token, front.length, front.length + length), id, true);
            }
        }
        return bare.build();
    }

    /** Whether characters are spelled the same everywhere. */
    boolean isEmpty() {
        return empty;
    }

    /** Characters as they are at the beginning of a word that goes on. */
    Vocabulary plain() {
        return characters[0];
    }

    /** The id of a character at its place in a word; -1 if it has none. */
    int id(byte[] text, int from, int to, boolean first, boolean last) {
        return characters[(first ? 0 : 1) + (last ? 2 : 0)].id(text, from, to);
    }
}
