package io.textloom.score;

import java.util.Optional;

/**
 * A text and what it comes after.
 *
 * @param context empty for a text that stands at the beginning
 */
public record Scorable(String text, Optional<String> context) {}
