package io.textloom.bench.generate;

import io.textloom.bench.BenchPrompt;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One JVM of Textloom over the prompts: the generate job, a cold pass, and a warm one if asked. */
final class TextloomGenerate {
    private final SparkSession spark;
    private final ResolvedSettings settings;
    private final String output;

    private TextloomGenerate(SparkSession spark, ResolvedSettings settings, String output) {
        this.spark = spark;
        this.settings = settings;
        this.output = output;
    }

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        int longest = BenchPrompt.read(options.path("input")).stream()
                .mapToInt(BenchPrompt::newTokens)
                .max()
                .orElseThrow(() -> new IllegalArgumentException("The input has no prompts"));
        List<String> set = new ArrayList<>();
        set.add("generate.maxNewTokens=" + longest);
        set.add("generate.maxNewTokensColumn=" + BenchPrompt.LIMIT);
        Arrays.stream(options.text("set", "").split(";"))
                .filter(s -> !s.isBlank())
                .forEach(set::add);
        ResolvedSettings settings = SettingsResolver.resolve(
                Job.GENERATE,
                Sources.NONE
                        .withAssignments(set)
                        .withOptions(Map.of(
                                "input", List.of(options.text("input")),
                                "output", List.of(options.text("output")),
                                "idColumn", List.of("id"),
                                "model", List.of(options.text("model")),
                                "mode", List.of("overwrite"))));
        StageClock clock = new StageClock();
        try (SparkSession spark = LocalSpark.open("Textloom", Map.of())) {
            LocalSpark.warmUp(spark, options.path("scratch"));
            spark.sparkContext().addSparkListener(clock);
            TextloomGenerate run = new TextloomGenerate(spark, settings, options.text("output"));
            List<Pass> passes = new ArrayList<>();
            passes.add(run.pass(Pass.COLD, clock));
            if (options.flag("warm")) {
                passes.add(run.pass(Pass.WARM, clock));
            }
            SortedMap<String, String> versions = LocalSpark.versions(spark);
            versions.put(
                    "onnxruntime",
                    ai.onnxruntime.OrtEnvironment.getEnvironment().getVersion());
            Json.write(
                    options.path("figures"),
                    new RunFigures(options.text("name"), run.shown(), versions, passes, Usage.peakResidentBytes()));
        }
    }

    private Pass pass(String name, StageClock clock) {
        Pass pass = Pass.time(name, clock, this::generate);
        pass.details().putAll(counted(pass.details()));
        return pass;
    }

    private SortedMap<String, Double> generate() {
        JobReport report = Jobs.generate(
                new JobContext(
                        spark,
                        JobOptions.model(settings),
                        JobOptions.intake(settings),
                        JobOptions.output(settings),
                        settings.asMap(),
                        Progress.SILENT),
                JobOptions.generate(settings));
        SortedMap<String, Double> details = new TreeMap<>();
        details.put("rowsOut", (double) report.rowsOut());
        details.put("rowsRejected", (double) report.rowsRejected());
        details.put("tokens", (double) report.tokens());
        details.put("paddedTokens", (double) report.paddedTokens());
        details.put("modelSeconds", report.modelSeconds());
        return details;
    }

    /** Untimed: what the rows themselves say, and how full the slots were. */
    private SortedMap<String, Double> counted(SortedMap<String, Double> report) {
        Row sums = spark.read()
                .parquet(output)
                .selectExpr("sum(n_prompt_tokens)", "sum(n_completion_tokens)")
                .first();
        double completion = sums.getLong(1);
        // every new token takes a place in a decode call
        double idle = report.getOrDefault("paddedTokens", 0.0) - report.getOrDefault("tokens", 0.0);
        return new TreeMap<>(Map.of(
                "promptTokens",
                (double) sums.getLong(0),
                "completionTokens",
                completion,
                "slotOccupancy",
                completion / (completion + idle)));
    }

    private SortedMap<String, String> shown() {
        SortedMap<String, String> shown = new TreeMap<>();
        settings.asMap().forEach((key, value) -> {
            if (key.startsWith("generate.") || key.equals("spark.partitions")) {
                shown.put(key, value);
            }
        });
        return shown;
    }
}
