package io.textloom.spark.intake;

/** What happens to rows whose id was seen before, in the order of path and offset. */
public enum DuplicateIds {
    /** Each goes to the error table as {@code DUPLICATE_ID}; the first row is kept. */
    ERROR,
    /** The first row is kept, the others are dropped and counted in the manifest. */
    KEEP_FIRST
}
