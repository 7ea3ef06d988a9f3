package io.textloom.score;

import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokens;
import java.util.Arrays;

/**
 * The tokens of a context and of what comes after it. Owns its array.
 *
 * <p>Both are tokenized as one text, white space at the context's end as part of what follows, and parted after as many tokens as the context alone has: words are
 * then tokenized as in running text, and a token over the border counts to the context. Where nothing would be left of what follows, each is tokenized for itself.
 * Source: lm-evaluation-harness, which does the same.
 */
final class Continuation {
    private final int[] ids;
    private final int first;
    private final int contextTokens;
    private final String text;
    private final int border;
    private final boolean joint;

    private Continuation(int[] ids, int first, int contextTokens, String text, int border, boolean joint) {
        this.ids = ids;
        this.first = first;
        this.contextTokens = contextTokens;
        this.text = text;
        this.border = border;
        this.joint = joint;
    }

    /**
     * @param start what every text begins with
     * @param tokens overwritten
     * @throws io.textloom.token.TokenizerException if the tokenizer fails on this text
     */
    static Continuation of(int[] start, String context, String text, TokenEncoder encoder, Tokens tokens) {
        int border = context.length();
        while (border > 0 && isSpace(context.charAt(border - 1))) {
            border--;
        }
        String whole = context + text;
        int contextTokens = 0;
        if (border > 0) {
            encoder.encode(context.substring(0, border), tokens);
            contextTokens = tokens.size();
        }
        int[] contextIds = tokens.copyOfIds(0, contextTokens);
        encoder.encode(whole, tokens);
        boolean joint = tokens.size() > contextTokens || contextTokens == 0;
        int[] ids;
        if (joint) {
            ids = joined(start, tokens.copyOfIds(0, tokens.size()));
        } else {
            encoder.encode(whole.substring(border), tokens);
            ids = joined(start, joined(contextIds, tokens.copyOfIds(0, tokens.size())));
        }
        return new Continuation(ids, start.length + contextTokens, contextTokens, whole, border, joint);
    }

    private static int[] joined(int[] a, int[] b) {
        int[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Start tokens, context, what follows. */
    int[] ids() {
        return ids;
    }

    /** Place of the first token that has one before it and is not of the context: the first that can be scored. */
    int firstScored() {
        return Math.max(1, first);
    }

    /** Tokens of the context, start tokens not counted. */
    int contextTokens() {
        return contextTokens;
    }

    /** Tokens that can be scored. */
    int scored() {
        return Math.max(0, ids.length - firstScored());
    }

    /**
     * Length in UTF-8 of what the tokens {@code [firstScored, to)} stand for; unit: bytes.
     *
     * @param tokens overwritten
     */
    int scoredBytes(int to, TokenEncoder encoder, Tokens tokens) {
        boolean fromBorder = firstScored() == first;
        if (fromBorder && to == ids.length) {
            return bytes(text, border, text.length());
        }
        int shift = joint ? first - contextTokens : first;
        String part = joint ? text : text.substring(border);
        encoder.encodeWithOffsets(part, tokens);
        int from =
                fromBorder ? (joint ? border : 0) : part.offsetByCodePoints(0, tokens.end(firstScored() - 1 - shift));
        int end = to == ids.length ? part.length() : part.offsetByCodePoints(0, tokens.end(to - 1 - shift));
        return bytes(part, Math.min(from, end), end);
    }

    /** Length of a part of a text in UTF-8. */
    static int bytes(String text, int from, int to) {
        int bytes = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }
}
