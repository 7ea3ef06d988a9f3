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
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** One JVM of Spark NLP over all texts: a cold pass, and a warm one if asked. */
public final class SparkNlpRun {
    static final String THREADS_KEY = "spark.jsl.settings.onnx.intraOpNumThreads";

    private SparkNlpRun() {}

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments);
        int threads = options.integer("threads", 0);
        Tuning tuning = new Tuning(
                options.integer("batch", 0),
                options.integer("max-tokens", 0),
                options.flag("sorted"),
                options.integer("partitions", LocalSpark.CORES));
        Path texts = options.path("input");
        Path output = options.path("output");
        Map<String, String> spark = threads == 0 ? Map.of() : Map.of(THREADS_KEY, String.valueOf(threads));
        StageClock clock = new StageClock();
        try (SparkSession session = SparkNlp.open(spark)) {
            LocalSpark.warmUp(session, options.path("scratch"));
            session.sparkContext().addSparkListener(clock);
            List<Pass> passes = new ArrayList<>();
            E5Embeddings[] model = new E5Embeddings[1];
            passes.add(Pass.time(Pass.COLD, clock, () -> {
                Usage start = Usage.now();
                model[0] = SparkNlp.load(options.path("model"));
                SortedMap<String, Double> details = new TreeMap<>();
                details.put("modelLoadSeconds", Usage.now().wallSince(start));
                SparkNlp.embed(session, model[0], texts, output, tuning, 0);
                return details;
            }));
            if (options.flag("warm")) {
                passes.add(Pass.time(Pass.WARM, clock, () -> {
                    SparkNlp.embed(session, model[0], texts, output, tuning, 0);
                    return new TreeMap<>();
                }));
            }
            SortedMap<String, String> settings = new TreeMap<>();
            settings.put("batchSize", String.valueOf(model[0].getBatchSize()));
            settings.put("maxSentenceLength", String.valueOf(maxTokens(model[0])));
            settings.put("sorted", String.valueOf(tuning.sorted()));
            settings.put("partitions", String.valueOf(tuning.partitions()));
            settings.put("intraOpNumThreads", threads == 0 ? "6" : String.valueOf(threads));
            SortedMap<String, String> versions = LocalSpark.versions(session);
            versions.put("spark-nlp", com.johnsnowlabs.nlp.SparkNLP.version());
            versions.put("onnxruntime", onnxRuntime());
            RunFigures figures =
                    new RunFigures(options.text("name"), settings, versions, passes, Usage.peakResidentBytes());
            Json.write(options.path("figures"), figures);
        }
    }

    private static Object maxTokens(E5Embeddings model) {
        return model.getOrDefault(model.getParam("maxSentenceLength"));
    }

    private static String onnxRuntime() {
        return ai.onnxruntime.OrtEnvironment.getEnvironment().getVersion();
    }
}
