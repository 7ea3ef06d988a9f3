package io.textloom.classify;

import java.util.Optional;

/**
 * A text to look at, and the question, query or other text that goes with it.
 *
 * @param other empty where there is none, or one for all texts
 */
public record TextPair(String text, Optional<String> other) {
    public static TextPair of(String text) {
        return new TextPair(text, Optional.empty());
    }
}
