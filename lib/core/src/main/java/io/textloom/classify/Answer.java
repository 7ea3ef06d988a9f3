package io.textloom.classify;

/**
 * An answer as it stands in a text; empty for the answer that there is none.
 *
 * @param start first character; unit: code points
 * @param end one past the last character; unit: code points
 */
public record Answer(String text, float score, int start, int end) {}
