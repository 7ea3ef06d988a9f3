package io.textloom.spark.commit;

/** File formats of the output. */
public enum OutputFormat {
    PARQUET,
    ORC,
    /** Parquet, and beside it the answers as lines of OpenAI's batch files. */
    OPENAI_BATCH;

    /** Spark's name for the format of the files of rows. */
    public String ofRows() {
        return this == ORC ? "orc" : "parquet";
    }
}
