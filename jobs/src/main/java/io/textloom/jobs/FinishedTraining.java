package io.textloom.jobs;

import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.TrainTask;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.spark.train.TrainingRecord;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** The training of a tokenizer keeps no checkpoints: all of it has ended, by the same settings, or it has not. */
final class FinishedTraining {
    /** Settings that decide nothing about the result. */
    private static final List<String> OF_THE_RUN =
            List.of("mode", "report", "json", "master", "maxErrorRatio", "spark.partitions", "output");

    private FinishedTraining() {}

    /** How a training with these settings ended here earlier; empty if none has, or it is to be overwritten. */
    static Optional<Outcome> of(ResolvedSettings settings) {
        if (settings.choice("train.task", TrainTask.class) != TrainTask.TOKENIZER
                || settings.text("mode").equals("overwrite")) {
            return Optional.empty();
        }
        return TrainingFolder.record(JobOptions.outputPath(settings), hadoop())
                .filter(record -> deciding(record.settings()).equals(deciding(Redaction.settings(settings.asMap()))))
                .map(record -> outcome(record, settings));
    }

    private static Configuration hadoop() {
        Option<SparkSession> session = SparkSession.getDefaultSession();
        return session.isDefined() ? session.get().sparkContext().hadoopConfiguration() : new Configuration();
    }

    private static Outcome outcome(TrainingRecord record, ResolvedSettings settings) {
        String line = "was trained earlier with the same settings; mode=overwrite trains anew";
        String output = Redaction.uris(JobOptions.outputPath(settings));
        long rows = record.counts().getOrDefault("rowsIn", 0L);
        long rejected = record.counts().getOrDefault("rowsRejected", 0L);
        Optional<String> exceeded = rejected > settings.number("maxErrorRatio") * rows
                ? Optional.of(Execution.ratioExceeded(rejected, rows, output, settings))
                : Optional.empty();
        ExitCode exit = exceeded.isPresent() ? ExitCode.ERROR_RATIO_EXCEEDED : ExitCode.DONE;
        return new Outcome(exit, line, "train\n  " + output + " " + line + "\n", "{}", exceeded);
    }

    private static SortedMap<String, String> deciding(SortedMap<String, String> settings) {
        TreeMap<String, String> deciding = new TreeMap<>(settings);
        OF_THE_RUN.forEach(deciding::remove);
        return deciding;
    }
}
