package io.textloom.token;

import io.textloom.text.SentenceSplitter;
import java.util.Arrays;

/** Which tokens of a document belong to which of its sentences: each to the one that holds its last character. Not safe for concurrent use. */
public final class SentenceTokens {
    private int[] from = new int[64];

    /** @param tokens of the text that was split, with offsets */
    public void assign(SentenceSplitter sentences, Tokens tokens) {
        int count = sentences.size();
        if (from.length <= count) {
            from = Arrays.copyOf(from, Math.max(count + 1, 2 * from.length));
        }
        int sentence = 0;
        from[0] = 0;
        for (int token = 0; token < tokens.size(); token++) {
            int last = Math.max(tokens.start(token), tokens.end(token) - 1);
            while (sentence + 1 < count && sentences.endCodePoint(sentence) <= last) {
                from[++sentence] = token;
            }
        }
        while (sentence < count) {
            from[++sentence] = tokens.size();
        }
    }

    /** First token of a sentence. */
    public int from(int sentence) {
        return from[sentence];
    }

    /** One past the last token of a sentence. */
    public int to(int sentence) {
        return from[sentence + 1];
    }

    /** The first of {@code count} sentences that does not end before a token; {@code count} if all do. */
    public int at(int token, int count) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (to(middle) < token) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
