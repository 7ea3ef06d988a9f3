package io.textloom.text;

/** One row's reason not to be in the output; {@code message} says what was found and what was expected. */
public record Rejection(RejectCode code, String message) {}
