package io.textloom.jobs;

import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.train.TrainingFolder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A training has no rows of which some are done: all of it has ended, by the same settings, or it has not. */
final class FinishedTraining {
    /** Settings that decide nothing about the result. */
    private static final List<String> OF_THE_RUN =
            List.of("mode", "report", "json", "master", "maxErrorRatio", "spark.partitions", "output");

    private FinishedTraining() {}

    /** Whether the output holds what a training with these settings ended with, and is not to be overwritten. */
    static boolean is(ResolvedSettings settings) {
        return !settings.text("mode").equals("overwrite")
                && TrainingFolder.record(JobOptions.outputPath(settings), new Configuration())
                        .map(record ->
                                deciding(record.settings()).equals(deciding(Redaction.settings(settings.asMap()))))
                        .orElse(false);
    }

    static Outcome outcome(ResolvedSettings settings) {
        String line = "was trained earlier with the same settings; mode=overwrite trains anew";
        return Outcome.of(ExitCode.DONE, line, "train\n  " + JobOptions.outputPath(settings) + " " + line + "\n", "{}");
    }

    private static SortedMap<String, String> deciding(SortedMap<String, String> settings) {
        TreeMap<String, String> deciding = new TreeMap<>(settings);
        OF_THE_RUN.forEach(deciding::remove);
        return deciding;
    }
}
