package io.textloom.prompt;

/** Which examples a prompt shows. */
public enum ExampleChoice {
    /** The first ones of the table. */
    FIXED,
    /** Drawn for each row by the run's seed and the row's id, in the order drawn. */
    RANDOM,
    /** Those whose texts are nearest to the row's by cosine, the nearest last. */
    NEAREST
}
