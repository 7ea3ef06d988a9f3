package io.textloom.model;

/** What the logits of a sequence head mean, as config.json's {@code problem_type} says. */
public enum ProblemType {
    /** config.json says nothing. */
    UNSTATED,
    /** One label of several. */
    SINGLE_LABEL,
    /** Each label for itself. */
    MULTI_LABEL,
    /** A number, not a probability. */
    REGRESSION
}
