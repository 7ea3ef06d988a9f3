package io.textloom.spark.plan;

import io.textloom.model.ModelInspection;
import io.textloom.model.ModelInspector;
import io.textloom.model.ModelRef;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.IntakeSample;
import io.textloom.spark.intake.Probe;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.Stage;
import io.textloom.token.SpecialTokens;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.immutable.Map$;

/** Makes the plan of a job: samples its input, tokenizes the sample, and runs the engine over it for a few seconds. */
public final class Planner {
    /** Tasks that measure at once; more of them measure nothing new. */
    private static final int MOST_TASKS = 16;
    /** A generating task takes as many prompts at once as it has slots, and ends all of them. */
    private static final int MOST_PROMPTS = 32;

    private static final double TOO_SHORT_SECONDS = 0.5;

    private final SparkSession spark;
    private final int sampleRows;
    private final double measureSeconds;

    /**
     * @param sampleRows looked at, about
     * @param measureSeconds for which the engine is given rows
     */
    public Planner(SparkSession spark, int sampleRows, double measureSeconds) {
        this.spark = spark;
        this.sampleRows = sampleRows;
        this.measureSeconds = measureSeconds;
    }

    /**
     * @param settings resolved key → value
     * @throws io.textloom.spark.intake.InputException if the input cannot be read
     */
    public Plan plan(
            String job,
            Stage stage,
            List<ModelRef> refs,
            Manifest.Model made,
            OutputOptions output,
            IntakeOptions intake,
            SortedMap<String, String> settings) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        int cores = spark.sparkContext().defaultParallelism();
        int measuring = Math.max(1, Math.min(MOST_TASKS, cores));
        IntakeSample sample = new Intake(spark, intake, stage.taskSize()).sample(sampleRows, measuring);
        List<String> notes = new ArrayList<>();
        Lengths lengths = tokenize(sample, refs.get(0), conf);
        double share = sample.share();
        Estimate allRows = Estimate.ofTotal(lengths.rowPlaces, sample.size(), share);
        Estimate rows = intake.limit() > 0 ? allRows.atMost(intake.limit()) : allRows;
        double cut = allRows.value() == 0 ? 1 : rows.value() / allRows.value();
        Estimate tokens =
                Estimate.ofTotal(lengths.tokenPlaces, sample.size(), share).times(cut);
        double soundShare = lengths.rows == 0 ? 0 : (double) lengths.sound / lengths.rows;
        ResumePlan resume = ResumePlan.of(spark, job, output, made, settings, sample.documents());
        List<Measured> measured = measure(job, stage, sample.documents());
        Plan.Run run = sum(measured);
        Estimate toDo = rows.times(soundShare).times(1 - resume.doneShare());
        double documents = Math.max(1, run.documents());
        double fileBytes = measured.stream().mapToLong(Measured::fileBytes).sum() / documents;
        double rate = run.documentsPerSecond() * cores / Math.max(1, run.tasks());
        Estimate seconds =
                rate == 0 ? Estimate.exactly(0) : toDo.times(1 / rate).times(spread(measured));
        notes(notes, stage, intake, sample, run, cores, refs);
        List<ModelInspection> models = refs.stream()
                .map(ref -> ModelInspector.inspect(ref, folder(ref, conf)))
                .toList();
        return new Plan(
                job,
                Redaction.uris(output.path()),
                models,
                memory(job, models, settings),
                new Plan.Input(Redaction.inputs(intake.inputs()), sample.format(), sample.files(), sample.bytes()),
                resume,
                new Intake(spark, intake, stage.taskSize()).documents().partitions(),
                cores,
                lengths.facts(sample),
                rows,
                tokens,
                run,
                toDo,
                toDo.times(run.rows() / documents),
                toDo.times(fileBytes),
                seconds,
                notes);
    }

    /** Lengths of the sample's texts, and what each place of it holds. */
    private static final class Lengths {
        private final TreeMap<String, Long> faults = new TreeMap<>();
        private List<Estimate.Place> rowPlaces = List.of();
        private List<Estimate.Place> tokenPlaces = List.of();
        private int[] lengths = new int[0];
        private long rows;
        private long sound;

        Plan.Sample facts(IntakeSample sample) {
            int[] sorted = lengths.clone();
            Arrays.sort(sorted);
            return new Plan.Sample(
                    rows,
                    sample.share(),
                    sample.probes().size(),
                    faults,
                    Arrays.stream(sorted).average().orElse(0),
                    at(sorted, 0.5),
                    at(sorted, 0.95),
                    at(sorted, 1));
        }

        private static int at(int[] sorted, double part) {
            return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
        }
    }

    private static Path folder(ModelRef ref, Configuration conf) {
        if (!ref.isTokenizer()) {
            return ModelLeases.store().localise(ref, conf).path();
        }
        Path tokenizer = ModelLeases.store().localiseTokenizer(ref, conf);
        return Files.isDirectory(tokenizer) ? tokenizer : tokenizer.resolveSibling("");
    }

    private static Lengths tokenize(IntakeSample sample, ModelRef model, Configuration conf) {
        Path file = ModelLeases.store().localiseTokenizer(model, conf);
        Lengths result = new Lengths();
        int places = sample.probes().size();
        double[] rows = new double[places];
        double[] tokens = new double[places];
        IntStream.Builder lengths = IntStream.builder();
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            SpecialTokens special = tokenizer.specialTokens();
            int around = special.before().size() + special.after().size();
            for (IntakeSample.Text text : sample.texts()) {
                double weight = sample.probes().get(text.probe()).weight();
                result.rows++;
                rows[text.probe()] += weight;
                String content = text.text();
                if (content == null) {
                    result.faults.merge(text.fault(), 1L, Long::sum);
                    continue;
                }
                int length = tokenizer.encode(content).length + around;
                result.sound++;
                lengths.add(length);
                tokens[text.probe()] += weight * length;
            }
        }
        result.lengths = lengths.build().toArray();
        result.rowPlaces = places(sample.probes(), rows);
        result.tokenPlaces = places(sample.probes(), tokens);
        return result;
    }

    private static List<Estimate.Place> places(List<Probe> probes, double[] found) {
        return IntStream.range(0, found.length)
                .mapToObj(i -> new Estimate.Place(probes.get(i).size(), found[i]))
                .toList();
    }

    private List<Measured> measure(String job, Stage stage, Documents documents) {
        StructType kept = documents.kept();
        try {
            Job write = Job.getInstance(spark.sessionState().newHadoopConf());
            OutputWriterFactory writers = new ParquetFileFormat()
                    .prepareWrite(spark, write, Map$.MODULE$.<String, String>empty(), MeasureTask.files(stage, kept));
            MeasureTask task = new MeasureTask(
                    stage.reading(kept),
                    kept,
                    writers,
                    new SerializableConfiguration(write.getConfiguration()),
                    measureSeconds,
                    job.equals("generate") ? MOST_PROMPTS : Integer.MAX_VALUE);
            return documents
                    .rows()
                    .queryExecution()
                    .toRdd()
                    .toJavaRDD()
                    .mapPartitions(task)
                    .collect();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot prepare the measured run: " + e.getMessage(), e);
        }
    }

    private static Plan.Run sum(List<Measured> measured) {
        long documents = 0;
        long rows = 0;
        long rejected = 0;
        long truncated = 0;
        long tokens = 0;
        double seconds = 0;
        double load = 0;
        double documentsPerSecond = 0;
        double tokensPerSecond = 0;
        for (Measured m : measured) {
            documents += m.documents();
            rows += m.rows();
            rejected += m.rejected();
            truncated += m.truncated();
            tokens += m.tokens();
            seconds = Math.max(seconds, m.seconds());
            load = Math.max(load, m.loadSeconds());
            documentsPerSecond += m.documents() / m.seconds();
            tokensPerSecond += m.tokens() / m.seconds();
        }
        return new Plan.Run(
                documents,
                rows,
                rejected,
                truncated,
                tokens,
                measured.size(),
                seconds,
                load,
                documentsPerSecond,
                tokensPerSecond);
    }

    /** How far the time may be off, by how much the tasks' rates differ and how short they ran. */
    private static Estimate spread(List<Measured> measured) {
        double slowest = Double.MAX_VALUE;
        double fastest = 0;
        double sum = 0;
        double seconds = 0;
        for (Measured m : measured) {
            double rate = m.documents() / m.seconds();
            slowest = Math.min(slowest, rate);
            fastest = Math.max(fastest, rate);
            sum += rate;
            seconds = Math.max(seconds, m.seconds());
        }
        if (measured.isEmpty() || sum == 0) {
            return Estimate.exactly(1);
        }
        double mean = sum / measured.size();
        double least = seconds < TOO_SHORT_SECONDS ? 1 : 0.2;
        return new Estimate(
                1, Math.min(1 / (1 + least), mean / fastest), Math.max(1 + least, mean / Math.max(1e-9, slowest)));
    }

    private static void notes(
            List<String> notes,
            Stage stage,
            IntakeOptions intake,
            IntakeSample sample,
            Plan.Run run,
            int cores,
            List<ModelRef> refs) {
        if (refs.size() > 1) {
            notes.add("lengths are those of the first of " + refs.size() + " models");
        }
        if (!stage.sideColumns().columns().isEmpty()) {
            notes.add("lengths are those of the text column alone; "
                    + String.join(", ", stage.sideColumns().columns()) + " add to what is computed");
        }
        if (!sample.format().isEmpty() && sample.unit().equals("rows")) {
            notes.add("rows of " + sample.format() + " were counted");
        } else if (sample.unit().equals("rows")) {
            notes.add("rows of the query were counted");
        }
        if (sample.share() < 1 && intake.idColumn().isEmpty()) {
            notes.add("how many texts repeat another is not known from a sample");
        } else if (sample.share() < 1) {
            notes.add("how many ids occur twice is not known from a sample");
        }
        if (run.tasks() > 0 && run.tasks() < cores) {
            notes.add("measured with " + run.tasks() + " tasks at once and scaled to " + cores + " cores");
        }
        if (run.seconds() < TOO_SHORT_SECONDS && run.documents() > 0) {
            notes.add("the measured run was short: take the time as an order of magnitude");
        }
        notes.add("the time is that of the engine; starting Spark, reading the input and the commit come on top");
    }

    /** Weights in the precision they are computed in, and what generation sets aside for keys and values. */
    private static long memory(String job, List<ModelInspection> models, SortedMap<String, String> settings) {
        double perWeight = switch (settings.getOrDefault(job + ".precision", "float32")) {
            case "float16" -> 2;
            case "int8" -> 1.2;
            case "int4" -> 0.7;
            default -> 4;
        };
        if (job.equals("tokenize")) {
            return 0;
        }
        double bytes = 0;
        for (ModelInspection model : models) {
            bytes += model.parameters() == 0 ? model.ref().totalBytes() : model.parameters() * perWeight;
        }
        if (job.equals("generate")) {
            long given = Long.parseLong(settings.getOrDefault("generate.kvMemory", "0"));
            bytes += given > 0 ? given * (1L << 20) : machineMemory() / 4.0;
        }
        return (long) bytes;
    }

    private static long machineMemory() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
    }
}
