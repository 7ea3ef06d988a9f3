package io.textloom.spark.train;

/** What computes the steps of a word2vec training; both are given the same words in the same order at the same rates. */
public enum WordEngine {
    /** Textloom's own loops. */
    TEXTLOOM,
    /** Deeplearning4j's; skip-gram alone. */
    DEEPLEARNING4J
}
