package io.textloom.spark.commit;

/** What becomes of the rows of an id that the input no longer has. */
public enum Deleted {
    /** They stay in the output. */
    KEEP,
    /** They leave the output, the error table and the ledger. */
    DROP
}
