package io.textloom.token;

/** What happens to a document longer than the window of a model. */
public enum LongDocuments {
    /** It is cut into windows, and every one of them computed. */
    CHUNK,
    /** The first window only; the rest is counted in {@code n_dropped}. */
    TRUNCATE,
    /** The document goes to the error table as {@code TOO_LONG}. */
    ERROR
}
