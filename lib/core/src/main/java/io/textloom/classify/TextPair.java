package io.textloom.classify;

import java.util.List;
import java.util.Optional;

/**
 * A text to look at, and the question, query or other text that goes with it.
 *
 * @param other empty where there is none, or one for all texts
 * @param choices texts of which one goes best with the text; empty unless that is asked
 */
public record TextPair(String text, Optional<String> other, List<String> choices) {
    public TextPair {
        choices = List.copyOf(choices);
    }

    public TextPair(String text, Optional<String> other) {
        this(text, other, List.of());
    }

    public static TextPair of(String text) {
        return new TextPair(text, Optional.empty());
    }
}
