package io.textloom.config;

/** What {@code textloom train} can train. */
public enum TrainTask {
    /** A vocabulary, with what belongs to it. */
    TOKENIZER,
    /** A vector for every word; by the add-on jar {@code textloom-train}. */
    WORD2VEC,
    /** Heads on an encoder's frozen vectors; by the add-on jar {@code textloom-train}. */
    HEADS,
    /** A forward and a backward language model whose layers are vectors in context; by the same jar. */
    ELMO
}
