package io.textloom.spark.intake;

/** What becomes of input files that cannot be read to their end. */
public enum BadFiles {
    /** The job ends with exit code 3 and the file's name. */
    FAIL,
    /** Compressed and columnar files are read once before the job; a damaged one is a row of the error table, and none of its rows is taken. */
    QUARANTINE
}
