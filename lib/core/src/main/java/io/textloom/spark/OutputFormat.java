package io.textloom.spark;

/** File formats of the output. */
public enum OutputFormat {
    PARQUET,
    ORC
}
