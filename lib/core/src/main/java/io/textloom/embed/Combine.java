package io.textloom.embed;

/** What becomes of the vectors of a long document's windows. */
public enum Combine {
    /** A row for each window. */
    NONE,
    /** One row: their mean. */
    MEAN,
    /** One row: their mean, each weighted by its tokens of text. */
    WEIGHTED_MEAN
}
