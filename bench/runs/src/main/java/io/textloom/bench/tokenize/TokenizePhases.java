package io.textloom.bench.tokenize;

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
import io.textloom.model.ModelFolder;
import io.textloom.runtime.OnnxImport;
import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.Jobs;
import io.textloom.spark.Progress;
import io.textloom.spark.intake.Intake;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import io.textloom.token.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** One JVM with so many cores: the whole tokenize job, and with one core each of its parts alone, once cold and once warm. */
final class TokenizePhases {
    /** Spark's own reader of the format, text and id only. */
    static final String READ = "read";

    /** Our intake: rows checked, identified and hashed, and spread over the tasks. */
    static final String INTAKE = "intake";

    /** The encoder alone over the texts in memory, one thread. */
    static final String TOKENIZE = "tokenize";

    /** Spark's own Parquet writer over the job's rows in memory. */
    static final String WRITE = "write";

    static final String JOB = "job";

    /** Texts held in memory to be tokenized alone; the time is scaled to all of them. */
    private static final long TOKENIZED_BYTES = 64L << 20;

    private final SparkSession spark;
    private final ResolvedSettings settings;
    private final String input;
    private final String output;

    private TokenizePhases(SparkSession spark, ResolvedSettings settings, String input, String output) {
        this.spark = spark;
        this.settings = settings;
        this.input = input;
        this.output = output;
    }

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments);
        int cores = options.integer("cores", 1);
        String input = options.text("input");
        String output = options.text("output");
        Map<String, List<String>> given = new HashMap<>(Map.of(
                "input", List.of(input),
                "output", List.of(output),
                "documents", List.of("paragraph"),
                "model", List.of(options.text("model")),
                "mode", List.of("overwrite")));
        if (isJsonLines(input)) {
            given.put("idColumn", List.of("id"));
        }
        List<String> assignments = Arrays.stream(options.text("set", "").split(";"))
                .filter(s -> !s.isBlank())
                .toList();
        ResolvedSettings settings = SettingsResolver.resolve(
                Job.TOKENIZE, Sources.NONE.withAssignments(assignments).withOptions(given));
        try (SparkSession spark = SparkSession.builder()
                .master("local[" + cores + "]")
                .appName("tokenize")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 8)
                .getOrCreate()) {
            StageClock clock = new StageClock();
            spark.sparkContext().addSparkListener(clock);
            TokenizePhases phases = new TokenizePhases(spark, settings, input, output);
            Map<String, Supplier<SortedMap<String, Double>>> works = new LinkedHashMap<>();
            works.put(JOB, phases::job);
            if (cores == 1) {
                works.put(READ, phases::read);
                works.put(INTAKE, phases::intake);
                works.put(TOKENIZE, phases::tokenize);
                works.put(WRITE, phases::write);
            }
            List<Pass> passes = new ArrayList<>();
            works.forEach((name, work) -> {
                Pass.time(Pass.COLD, clock, work);
                passes.add(Pass.time(name, clock, work));
            });
            SortedMap<String, String> versions = LocalSpark.versions(spark);
            Json.write(
                    options.path("figures"),
                    new RunFigures(
                            "local[" + cores + "]", settings.asMap(), versions, passes, Usage.peakResidentBytes()));
        }
    }

    private static boolean isJsonLines(String input) {
        return input.matches(".*\\.(jsonl|ndjson|json)(\\.(gz|bz2|zst))?");
    }

    private SortedMap<String, Double> job() {
        JobReport report = Jobs.tokenize(
                new JobContext(
                        spark,
                        JobOptions.model(settings),
                        JobOptions.intake(settings),
                        JobOptions.output(settings),
                        settings.asMap(),
                        Progress.SILENT),
                JobOptions.tokenize(settings),
                JobOptions.tokenizers(settings));
        return new TreeMap<>(Map.of("rows", (double) report.rowsOut(), "tokens", (double) report.tokens()));
    }

    private SortedMap<String, Double> read() {
        rows().write().format("noop").mode(SaveMode.Overwrite).save();
        return new TreeMap<>();
    }

    private Dataset<Row> rows() {
        StructType schema = new StructType().add("id", DataTypes.StringType).add("text", DataTypes.StringType);
        return isJsonLines(input)
                ? spark.read().schema(schema).json(input)
                : spark.read().text(input).withColumnRenamed("value", "text");
    }

    private SortedMap<String, Double> intake() {
        new Intake(spark, JobOptions.intake(settings))
                .documents()
                .rows()
                .write()
                .format("noop")
                .mode(SaveMode.Overwrite)
                .save();
        return new TreeMap<>();
    }

    /** {@code seconds} is for all texts: the time of those in memory, scaled by their bytes. */
    private SortedMap<String, Double> tokenize() {
        List<byte[]> texts = new ArrayList<>();
        long bytes = 0;
        long all = 0;
        for (Iterator<Row> rows = new Intake(spark, JobOptions.intake(settings))
                        .documents()
                        .rows()
                        .select(Intake.TEXT)
                        .na()
                        .drop()
                        .toLocalIterator();
                rows.hasNext(); ) {
            byte[] text = rows.next().getString(0).getBytes(StandardCharsets.UTF_8);
            all += text.length;
            if (bytes < TOKENIZED_BYTES) {
                texts.add(text);
                bytes += text.length;
            }
        }
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        ModelFolder folder =
                OnnxImport.store().localise(OnnxImport.store().resolve(JobOptions.model(settings), conf), conf);
        try (Tokenizer tokenizer = Tokenizers.open(folder.tokenizer());
                TokenEncoder encoder = tokenizer.encoder()) {
            Tokens tokens = new Tokens();
            long count = 0;
            Usage start = Usage.now();
            for (byte[] text : texts) {
                encoder.encode(text, 0, text.length, tokens);
                count += tokens.size();
            }
            Usage end = Usage.now();
            double scale = (double) all / Math.max(1, bytes);
            return new TreeMap<>(Map.of(
                    "seconds", scale * end.wallSince(start),
                    "cpuSeconds", scale * end.cpuSince(start),
                    "bytes", (double) all,
                    "tokens", scale * count));
        }
    }

    /** {@code seconds} is for the writing alone: the job's rows are brought into memory before. */
    private SortedMap<String, Double> write() {
        Dataset<Row> rows = spark.read().parquet(output).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            rows.count();
            Usage start = Usage.now();
            rows.write().mode(SaveMode.Overwrite).parquet(output + "-written");
            Usage end = Usage.now();
            return new TreeMap<>(Map.of("seconds", end.wallSince(start), "cpuSeconds", end.cpuSince(start)));
        } finally {
            rows.unpersist(true);
        }
    }
}
