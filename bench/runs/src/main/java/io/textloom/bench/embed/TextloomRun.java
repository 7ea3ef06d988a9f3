package io.textloom.bench.embed;

import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.StageClock;
import io.textloom.bench.Usage;
import io.textloom.config.Job;
import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.SettingsResolver;
import io.textloom.config.Sources;
import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.Jobs;
import io.textloom.spark.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** One JVM of Textloom over all texts: the embed job as it ships, a cold pass, and a warm one if asked. */
final class TextloomRun {
    private TextloomRun() {}

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments);
        ResolvedSettings settings = SettingsResolver.resolve(
                Job.EMBED,
                assigned(options)
                        .withOptions(Map.of(
                                "input", List.of(options.text("input")),
                                "output", List.of(options.text("output")),
                                "idColumn", List.of("id"),
                                "model", List.of(Prepare.MODEL),
                                "mode", List.of("overwrite"))));
        StageClock clock = new StageClock();
        try (SparkSession spark = LocalSpark.open("Textloom", Map.of())) {
            LocalSpark.warmUp(spark, options.path("scratch"));
            spark.sparkContext().addSparkListener(clock);
            List<Pass> passes = new ArrayList<>();
            passes.add(Pass.time(Pass.COLD, clock, () -> embed(spark, settings)));
            if (options.flag("warm")) {
                passes.add(Pass.time(Pass.WARM, clock, () -> embed(spark, settings)));
            }
            SortedMap<String, String> shown = new TreeMap<>();
            settings.asMap().forEach((key, value) -> {
                if (key.startsWith("embed.") || key.equals("spark.partitions")) {
                    shown.put(key, value);
                }
            });
            SortedMap<String, String> versions = LocalSpark.versions(spark);
            versions.put("onnxruntime", GemmRate.onnxRuntimeVersion());
            Json.write(
                    options.path("figures"),
                    new RunFigures(options.text("name"), shown, versions, passes, Usage.peakResidentBytes()));
        }
    }

    /** The settings of {@code --set}. */
    static Sources assigned(Options options) {
        return Sources.NONE.withAssignments(
                Arrays.stream(options.text("set", "").split(";"))
                        .filter(s -> !s.isBlank())
                        .toList());
    }

    private static SortedMap<String, Double> embed(SparkSession spark, ResolvedSettings settings) {
        JobReport report = Jobs.embed(
                new JobContext(
                        spark,
                        JobOptions.model(settings),
                        JobOptions.intake(settings),
                        JobOptions.output(settings),
                        settings.asMap(),
                        Progress.SILENT),
                JobOptions.embed(settings));
        SortedMap<String, Double> details = new TreeMap<>();
        details.put("rowsOut", (double) report.rowsOut());
        details.put("rowsRejected", (double) report.rowsRejected());
        details.put("tokens", (double) report.tokens());
        details.put("paddedTokens", (double) report.paddedTokens());
        details.put("modelSeconds", report.modelSeconds());
        details.put("usefulFlops", report.usefulFlops());
        return details;
    }
}
