package io.textloom.spark;

import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;

/**
 * What every job needs besides its own options.
 *
 * @param settings resolved key → value, for the manifest
 */
public record JobContext(
        SparkSession spark,
        String model,
        IntakeOptions intake,
        OutputOptions output,
        SortedMap<String, String> settings,
        Progress progress) {}
