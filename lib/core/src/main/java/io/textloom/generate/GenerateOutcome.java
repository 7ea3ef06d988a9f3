package io.textloom.generate;

/** What became of a request: one {@link Generated} for each sample, or one {@link Rejected}. */
public sealed interface GenerateOutcome permits Generated, Rejected {
    /** The tag of the request. */
    long tag();
}
