package io.textloom.spark;

import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;

/** Runs a job as its settings say. */
@FunctionalInterface
public interface JobBySettings {
    /** @param settings key → value, as a manifest has them */
    JobReport run(SparkSession spark, String job, SortedMap<String, String> settings);
}
