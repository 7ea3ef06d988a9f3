package io.textloom.config;

/** What the score job can do. */
public enum ScoreTask {
    /** How likely a decoder finds each text: log-probability, perplexity, bits per byte. */
    LOG_LIKELIHOOD,
    /** Which of some texts a decoder finds likeliest after each text. */
    CHOICES,
    /** The likeliest tokens where a text has a mask, by a masked language model. */
    FILL_MASK
}
