package io.textloom.bench.sparknlp;

import com.johnsnowlabs.nlp.annotators.seq2seq.GPT2Transformer;
import io.textloom.bench.BenchPrompt;
import io.textloom.bench.Json;
import io.textloom.bench.JsonLines;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.StageClock;
import io.textloom.bench.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** One JVM of Spark NLP's GPT2Transformer over the prompts: a cold pass that loads the model, and a warm one if asked. */
public final class SparkNlpGptRun {
    private final Options options;

    /** One line of the output. */
    private record Completion(String id, String completion) {}

    private SparkNlpGptRun(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException {
        SparkNlpGptRun run = new SparkNlpGptRun(Options.parse(arguments));
        int callers = run.options.integer("callers", LocalSpark.CORES);
        Files.createDirectories(run.options.path("output"));
        StageClock clock = new StageClock();
        try (SparkSession session = SparkNlp.open(Map.of(SparkNlpRun.THREADS_KEY, run.threads()))) {
            LocalSpark.warmUp(session, run.options.path("scratch"));
            List<Pass> passes = new ArrayList<>();
            SparkNlpGpt[] model = new SparkNlpGpt[1];
            passes.add(Pass.time(Pass.COLD, clock, () -> {
                Usage start = Usage.now();
                model[0] = new SparkNlpGpt((GPT2Transformer)
                        GPT2Transformer.load(run.options.path("model").toString()));
                double load = Usage.now().wallSince(start);
                SortedMap<String, Double> details = run.complete(model[0], callers);
                details.put("modelLoadSeconds", load);
                return details;
            }));
            if (run.options.flag("warm")) {
                passes.add(Pass.time(Pass.WARM, clock, () -> run.complete(model[0], callers)));
            }
            SortedMap<String, String> versions = LocalSpark.versions(session);
            versions.put("spark-nlp", com.johnsnowlabs.nlp.SparkNLP.version());
            SortedMap<String, String> settings =
                    new TreeMap<>(Map.of("callers", String.valueOf(callers), "intraOpNumThreads", run.threads()));
            Json.write(
                    run.options.path("figures"),
                    new RunFigures(run.options.text("name"), settings, versions, passes, Usage.peakResidentBytes()));
        }
    }

    private String threads() {
        return options.text("threads", "1");
    }

    private SortedMap<String, Double> complete(SparkNlpGpt model, int callers) {
        try {
            List<BenchPrompt> prompts = BenchPrompt.first(options.path("input"), options.integer("limit", 0));
            List<Completion> completions = new ArrayList<>();
            model.complete(prompts, callers).forEach((id, text) -> completions.add(new Completion(id, text)));
            JsonLines.write(options.path("output").resolve("part-0.jsonl"), completions);
            return new TreeMap<>(Map.of(
                    "promptTokens",
                    (double) prompts.stream().mapToInt(BenchPrompt::tokens).sum(),
                    "completionTokens",
                    (double) prompts.stream().mapToInt(BenchPrompt::newTokens).sum()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
