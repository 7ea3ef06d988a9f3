package io.textloom.spark.commit;

/** What a run does with an output directory that already holds results. */
public enum RunMode {
    /** Keep what is there and do the rows that are missing; refuse if it was made with other settings. */
    RESUME,
    /** Replace what is there when the new results are complete. */
    OVERWRITE,
    /** End with exit code 2. */
    FAIL
}
