package io.textloom.spark.intake;

/** File formats the intake reads; {@link #AUTO} goes by the extension, compression suffixes stripped. */
public enum InputFormat {
    AUTO,
    TEXT,
    JSONL,
    CSV,
    PARQUET,
    ORC,
    /** Lines of OpenAI's batch files; said, never found out. */
    OPENAI_BATCH
}
