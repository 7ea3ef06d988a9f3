package io.textloom.spark.intake;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The intake's result.
 *
 * @param rows columns as {@link Intake#documents} lists them
 * @param key of the rows' distribution over the partitions, by hash; rows of one id have one key
 * @param partitions tasks the rows are spread over
 */
public record Documents(Dataset<Row> rows, Column key, int partitions) {}
