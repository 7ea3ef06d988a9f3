package io.textloom.classify;

/**
 * Something a text names.
 *
 * @param label without its {@code B-} or {@code I-} where tokens were put together
 * @param word as the tokenizer spells it
 * @param start first character; unit: code points
 * @param end one past the last character; unit: code points
 */
public record Entity(String label, float score, String word, int start, int end) {}
