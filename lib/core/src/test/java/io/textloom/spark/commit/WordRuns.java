package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs of {@link WordStage} over one file of JSON lines into one output. */
final class WordRuns {
    private static final Manifest.Model MODEL = new Manifest.Model("none", "file:/none", "00");

    private final SparkSession spark = LocalSpark.session();
    private final Path dir;

    private RunMode mode = RunMode.RESUME;
    private ResumeOptions resume = ResumeOptions.DEFAULTS;
    private List<String> kept = List.of();
    private List<String> partitionBy = List.of();
    private String where = "";
    private DuplicateIds duplicates = DuplicateIds.ERROR;
    private long limit;
    private long fileBytes = Compaction.FILE_BYTES;
    private Clock clock = Clock.systemUTC();
    private Stage stage = new WordStage();

    WordRuns(Path dir) {
        this.dir = dir;
    }

    WordRuns mode(RunMode asked) {
        mode = asked;
        return this;
    }

    WordRuns resume(Deleted deleted, RetryErrors retry, boolean skipUnchanged) {
        resume = new ResumeOptions(deleted, retry, skipUnchanged);
        return this;
    }

    WordRuns retry(RetryErrors retry) {
        return resume(resume.deleted(), retry, resume.skipUnchanged());
    }

    WordRuns partitionedBy(String column) {
        kept = List.of(column);
        partitionBy = List.of(column);
        return this;
    }

    WordRuns where(String condition) {
        where = condition;
        return this;
    }

    WordRuns limit(long rows) {
        limit = rows;
        return this;
    }

    WordRuns duplicates(DuplicateIds policy) {
        duplicates = policy;
        return this;
    }

    /** Of documents that cannot be taken out of the output again. */
    WordRuns packing() {
        stage = new WordStage(true);
        return this;
    }

    WordRuns fileBytes(long bytes) {
        fileBytes = bytes;
        return this;
    }

    /** The clock is ahead of the file system's, or behind it. */
    WordRuns clockOff(Duration by) {
        clock = Clock.offset(Clock.systemUTC(), by);
        return this;
    }

    Path file() {
        return dir.resolve("in.jsonl");
    }

    Path out() {
        return dir.resolve("out");
    }

    void input(String... lines) throws IOException {
        Files.writeString(file(), String.join("\n", lines));
    }

    /** @param texts by id */
    void input(Map<String, String> texts) throws IOException {
        input(texts.entrySet().stream()
                .map(e -> "{\"id\":\"" + e.getKey() + "\",\"text\":\"" + e.getValue() + "\"}")
                .toArray(String[]::new));
    }

    JobRun.Result run() {
        IntakeOptions intake = new IntakeOptions(
                List.of(file().toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                duplicates,
                kept,
                where,
                limit,
                4);
        return new JobRun(new RunSetup(
                        spark,
                        "words",
                        stage,
                        new OutputOptions(out().toString(), mode, 1, partitionBy, OutputFormat.PARQUET, resume),
                        intake,
                        MODEL,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        spark.sparkContext().longAccumulator(),
                        spark.sparkContext().longAccumulator(),
                        clock,
                        fileBytes))
                .run(new Intake(spark, intake));
    }

    /** Rows of the output, a line each. */
    List<String> words() {
        return spark.read().parquet(out().toString()).collectAsList().stream()
                .map(r -> r.mkString(" "))
                .sorted()
                .toList();
    }

    /** {@code id code attempt} of the error table. */
    List<String> errors() {
        return rows("errors", "id", "code", "attempt");
    }

    /** {@code id code attempt} of the ledger. */
    List<String> ledger() {
        return rows("ledger", "id", "code", "attempt");
    }

    private List<String> rows(String table, String... columns) {
        return spark
                .read()
                .parquet(out().resolve("_textloom/" + table).toString())
                .selectExpr(columns)
                .collectAsList()
                .stream()
                .map((Row r) -> r.mkString(" "))
                .sorted()
                .toList();
    }

    void verified() {
        assertThat(Jobs.verify(spark, out().toString(), true).problems()).isEmpty();
    }

    /** What the output holds, byte for byte: path → content's hash, time of the last change. */
    Map<String, String> bytes() throws IOException {
        try (Stream<Path> files = Files.walk(out())) {
            // checksums of Hadoop's local file system aside
            Collection<Path> all = files.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().endsWith(".crc"))
                    .toList();
            Map<String, String> bytes = new TreeMap<>();
            for (Path file : all) {
                bytes.put(
                        out().relativize(file).toString(),
                        Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.getLastModifiedTime(file));
            }
            return bytes;
        }
    }

    /** Rows of committed files by table. */
    static Map<TaskReport.Kind, Long> files(Manifest manifest) {
        return manifest.files().stream()
                .filter(f -> f.rows() > 0)
                .collect(Collectors.groupingBy(Manifest.File::kind, TreeMap::new, Collectors.counting()));
    }
}
