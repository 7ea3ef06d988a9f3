package io.textloom.bench.sparknlp;

import com.johnsnowlabs.nlp.embeddings.E5Embeddings;
import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.StageClock;
import io.textloom.bench.Usage;
import io.textloom.bench.sparknlp.SparkNlp.Tuning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** Looks for Spark NLP's best batch size on a part of the texts: one ONNX Runtime thread per task, texts sorted by length. */
public final class SparkNlpGrid {
    private SparkNlpGrid() {}

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments);
        int[] batches = Arrays.stream(options.text("batches").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        int limit = options.integer("limit", 0);
        int maxTokens = options.integer("max-tokens", 0);
        Path texts = options.path("input");
        Path output = options.path("scratch").resolve("grid");
        StageClock clock = new StageClock();
        try (SparkSession session = SparkNlp.open(Map.of(SparkNlpRun.THREADS_KEY, "1"))) {
            LocalSpark.warmUp(session, options.path("scratch"));
            session.sparkContext().addSparkListener(clock);
            E5Embeddings model = SparkNlp.load(options.path("model"));
            SparkNlp.embed(
                    session, model, texts, output, new Tuning(batches[0], maxTokens, true, LocalSpark.CORES), limit);
            List<Pass> passes = new ArrayList<>();
            for (int i = 0; i < options.integer("rounds", 1) * batches.length; i++) {
                int batch = batches[i % batches.length];
                Tuning tuning = new Tuning(batch, maxTokens, true, LocalSpark.CORES);
                passes.add(Pass.time("batch " + batch, clock, () -> {
                    SparkNlp.embed(session, model, texts, output, tuning, limit);
                    return new TreeMap<>(Map.of("batchSize", (double) batch));
                }));
            }
            Json.write(
                    options.path("figures"),
                    new RunFigures(
                            "Spark NLP grid",
                            new TreeMap<>(Map.of("limit", String.valueOf(limit))),
                            LocalSpark.versions(session),
                            passes,
                            Usage.peakResidentBytes()));
        }
    }
}
