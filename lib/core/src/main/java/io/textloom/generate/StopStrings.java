package io.textloom.generate;

import io.textloom.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finds stop strings in decoded text, wherever the boundaries of tokens fall. */
final class StopStrings {
    /** Tokens looked at beyond the bytes of the longest stop string: a split character and a decoder that trims the start. */
    private static final int MARGIN = 4;

    private final List<String> strings;
    private final Tokenizer tokenizer;
    /** A string of n bytes lies within n tokens; unit: tokens. */
    private final int window;

    StopStrings(List<String> strings, Tokenizer tokenizer) {
        this.strings = strings;
        this.tokenizer = tokenizer;
        int longest = 0;
        for (String s : strings) {
            longest = Math.max(longest, s.getBytes(StandardCharsets.UTF_8).length);
        }
        this.window = longest + MARGIN;
    }

    /** Whether the text of {@code ids[0, count)} has just been completed to a stop string by its last token. */
    boolean reached(int[] ids, int count) {
        return !strings.isEmpty() && cut(tokenizer.decode(ids, Math.max(0, count - window), count)) >= 0;
    }

    /** Where the first stop string begins in the text, -1 if there is none. */
    int cut(String text) {
        int first = -1;
        for (String s : strings) {
            int at = text.indexOf(s);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }
}
