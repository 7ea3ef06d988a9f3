package io.textloom.generate;

import io.textloom.text.Rejection;

/** A request without completions. */
public record Rejected(long tag, Rejection rejection) implements GenerateOutcome {}
