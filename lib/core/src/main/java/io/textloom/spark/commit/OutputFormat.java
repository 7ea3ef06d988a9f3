package io.textloom.spark.commit;

/** File formats of the output. */
public enum OutputFormat {
    PARQUET,
    ORC
}
