package io.textloom.generate;

/** What happens to a prompt that does not fit the context beside its completion. */
public enum LongPrompts {
    /** The end of the prompt is kept; what is cut is counted in {@code n_dropped}. */
    TRUNCATE,
    /** The row goes to the error table as {@code TOO_LONG}. */
    ERROR
}
