package io.textloom.generate;

import io.textloom.token.Tokenizer;
import java.util.BitSet;
import java.util.List;

/** What ends the completions of a request, and how their text is made. */
final class CompletionEnd {
    private final Tokenizer tokenizer;
    private final StopStrings stopStrings;
    private final BitSet endTokens;
    private final int lastOfPrompt;

    CompletionEnd(Tokenizer tokenizer, List<String> stop, BitSet endTokens, int lastOfPrompt) {
        this.tokenizer = tokenizer;
        this.stopStrings = new StopStrings(stop, tokenizer);
        this.endTokens = endTokens;
        this.lastOfPrompt = lastOfPrompt;
    }

    boolean isEndToken(int token) {
        return endTokens.get(token);
    }

    /** Not to be changed. */
    BitSet endTokens() {
        return endTokens;
    }

    /** Whether the first {@code count} have just come to a stop string. */
    boolean reachesStopString(int[] ids, int count) {
        return stopStrings.reached(ids, count);
    }

    /** Where the first stop string begins in the text, -1 if there is none. */
    int cut(String text) {
        return stopStrings.cut(text);
    }

    /**
     * The text of the first tokens of a completion, as it stands behind the prompt: a decoder that trims the start of a text leaves that of a completion
     * alone.
     */
    String text(int[] ids, int tokens) {
        String before = tokenizer.decode(new int[] {lastOfPrompt}, 0, 1);
        if (before.isEmpty()) {
            return tokenizer.decode(ids, 0, tokens);
        }
        int[] both = new int[tokens + 1];
        both[0] = lastOfPrompt;
        System.arraycopy(ids, 0, both, 1, tokens);
        String text = tokenizer.decode(both, 0, both.length);
        return text.startsWith(before) ? text.substring(before.length()) : tokenizer.decode(ids, 0, tokens);
    }
}
