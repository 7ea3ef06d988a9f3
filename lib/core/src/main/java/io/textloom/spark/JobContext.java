package io.textloom.spark;

import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.intake.IntakeOptions;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;

/**
 * What every job needs besides its own options.
 *
 * @param model built-in name, folder or URI; empty for a job that needs none
 * @param settings resolved key → value, for the manifest
 */
public record JobContext(
        SparkSession spark,
        String model,
        IntakeOptions intake,
        OutputOptions output,
        SortedMap<String, String> settings,
        Progress progress) {}
