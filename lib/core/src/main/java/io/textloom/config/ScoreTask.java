package io.textloom.config;

/** What the score job can do. */
public enum ScoreTask {
    /** The likeliest tokens where a text has a mask, by a masked language model. */
    FILL_MASK
}
