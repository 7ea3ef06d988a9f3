package io.textloom.token;

/** What one row of the tokenize job holds. */
public enum RowUnit {
    /** A whole document, cut at the limit. */
    DOCUMENT,
    /** A sentence of a document, cut at the limit. */
    SENTENCE,
    /** A window of a document; its windows overlap by the stride and hold every token. */
    CHUNK,
    /** So many tokens of documents laid end to end, for pre-training. */
    BLOCK
}
