package io.textloom.embed;

/** What happens to a document longer than the window. */
public enum LongDocuments {
    /** One vector per window, numbered by {@code chunk_index}. */
    CHUNK,
    /** The first window only; the rest is counted in {@code n_dropped}. */
    TRUNCATE,
    /** The document goes to the error table as {@code TOO_LONG}. */
    ERROR
}
