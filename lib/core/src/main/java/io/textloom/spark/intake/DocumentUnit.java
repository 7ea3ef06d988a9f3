package io.textloom.spark.intake;

/** What counts as one document of a plain text file. */
public enum DocumentUnit {
    LINE,
    /** Lines up to the next blank one, joined as they are. */
    PARAGRAPH,
    FILE
}
