package io.textloom.config;

/** What {@code textloom train} can train. */
public enum TrainTask {
    /** A vocabulary, with what belongs to it. */
    TOKENIZER
}
