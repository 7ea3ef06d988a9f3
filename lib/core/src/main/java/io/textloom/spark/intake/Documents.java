package io.textloom.spark.intake;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The intake's result.
 *
 * @param rows columns as {@link Intake#documents} lists them
 * @param partitions tasks the rows are spread over
 */
public record Documents(Dataset<Row> rows, int partitions) {}
