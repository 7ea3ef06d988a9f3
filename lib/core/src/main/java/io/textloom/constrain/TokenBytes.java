package io.textloom.constrain;

import io.textloom.token.Spelling;
import io.textloom.token.Tokenizer;
import io.textloom.token.unicode.Utf8;
import io.textloom.token.vocabulary.ByteAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that each token adds to a text, found by how it is spelled and confirmed by decoding it. A token that decodes to anything else is left out, as special ones are.
 */
final class TokenBytes {
    /** Of the tokens that are not special, so many have to be sound; percent. */
    private static final int MIN_SOUND = 50;

    private static final String MARK = "\u2581";

    private final Tokenizer tokenizer;
    private final int[] anchor;
    private final String anchorText;
    private final List<byte @Nullable []> inside = new ArrayList<>();
    private final List<byte @Nullable []> first = new ArrayList<>();

    private TokenBytes(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        anchor = tokenizer.encode("a");
        anchorText = tokenizer.decode(anchor, 0, anchor.length);
    }

    /**
     * @param special tokens that are left out
     * @throws ConstraintException if tokens of this tokenizer do not simply add their bytes, as WordPiece's do not
     */
    static TokenBytes of(Tokenizer tokenizer, BitSet special) {
        TokenBytes bytes = new TokenBytes(tokenizer);
        Spelling spelling = tokenizer.spelling();
        int asked = 0;
        int sound = 0;
        String unsound = "";
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            String spelled = special.get(id) ? "" : spelling.of(id);
            byte[] inside = spelled.isEmpty() ? null : bytes.confirmed(id, spelled);
            bytes.inside.add(inside);
            bytes.first.add(inside == null ? null : bytes.atFirst(id, inside));
            asked += spelled.isEmpty() ? 0 : 1;
            sound += inside == null ? 0 : 1;
            unsound = inside == null && !spelled.isEmpty() ? spelled : unsound;
        }
        if (sound == 0 || 100L * sound < (long) MIN_SOUND * asked) {
            throw new ConstraintException(
                    "Constrained output needs a tokenizer whose tokens add their own bytes to the text, byte-level BPE or SentencePiece with"
                            + " spaces as \u2581; " + (asked - sound) + " of " + asked + " tokens, such as \"" + unsound
                            + "\", do not; use another model, or leave choices, regex and jsonSchema out");
        }
        return bytes;
    }

    int size() {
        return inside.size();
    }

    /** What a token adds behind others; null if it is left out. */
    byte @Nullable [] inside(int id) {
        return inside.get(id);
    }

    /** What a token adds as the first, where some decoders drop a space; null if it is left out there. */
    byte @Nullable [] first(int id) {
        return first.get(id);
    }

    private byte @Nullable [] confirmed(int id, String spelled) {
        int[] ids = new int[anchor.length + 1];
        System.arraycopy(anchor, 0, ids, 0, anchor.length);
        ids[anchor.length] = id;
        String decoded = tokenizer.decode(ids, 0, ids.length);
        byte[] single = single(spelled);
        byte[] raw = ByteAlphabet.raw(spelled);
        byte[] marked = spelled.replace(MARK, " ").getBytes(StandardCharsets.UTF_8);
        byte[] plain = spelled.getBytes(StandardCharsets.UTF_8);
        for (byte @Nullable [] candidate : new byte @Nullable [][] {single, raw, marked, plain}) {
            if (candidate != null && decoded.equals(anchorText + Utf8.lossy(candidate, 0, candidate.length))) {
                return candidate;
            }
        }
        return null;
    }

    private byte @Nullable [] atFirst(int id, byte[] inside) {
        String decoded = tokenizer.decode(new int[] {id}, 0, 1);
        if (decoded.equals(Utf8.lossy(inside, 0, inside.length))) {
            return inside;
        }
        // of a part of a character nothing can be told
        boolean told = !decoded.isEmpty() && decoded.indexOf('\ufffd') < 0;
        return told ? decoded.getBytes(StandardCharsets.UTF_8) : null;
    }

    /** {@code <0xE4>} is that byte. */
    private static byte @Nullable [] single(String spelled) {
        if (spelled.length() != 6 || !spelled.startsWith("<0x") || !spelled.endsWith(">")) {
            return null;
        }
        int high = Character.digit(spelled.charAt(3), 16);
        int low = Character.digit(spelled.charAt(4), 16);
        return high < 0 || low < 0 ? null : new byte[] {(byte) (high << 4 | low)};
    }
}
