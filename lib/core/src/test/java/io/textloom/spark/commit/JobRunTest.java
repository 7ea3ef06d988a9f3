package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunTest {
    private static final Manifest.Model MODEL = new Manifest.Model("none", "file:/none", "00");

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path dir;

    @BeforeEach
    @AfterEach
    void reset() {
        WordStage.crash = false;
        WordStage.WORKED.set(0);
    }

    @Test
    void everyRowEndsInTheOutputOrTheErrorTable() throws IOException {
        input(
                "{\"id\":\"a\",\"text\":\"one two\",\"k\":1}",
                "{\"id\":\"b\",\"text\":\"reject me\"}",
                "{\"id\":\"c\"",
                "");
        JobRun.Result result = run(RunMode.RESUME, List.of("k"), Map.of());

        assertThat(result.manifest().counts().rowsIn()).isEqualTo(3);
        assertThat(result.run().rejectedByCode()).containsOnlyKeys("MALFORMED_JSON", "MODEL_FAILED");
        assertThat(words()).containsExactly("a 0 one 1", "a 1 two 1");
        assertThat(errors().select("code", "stage", "input", "attempt").collectAsList())
                .extracting(Row::toString)
                .containsExactlyInAnyOrder(
                        "[MODEL_FAILED,words,reject me,1]", "[MALFORMED_JSON,intake,{\"id\":\"c\",1]");
        verified();
    }

    @Test
    void aRerunDoesOnlyNewAndChangedRows() throws IOException {
        input(
                "{\"id\":\"a\",\"text\":\"one two\"}",
                "{\"id\":\"b\",\"text\":\"three\"}",
                "{\"id\":\"r\",\"text\":\"reject\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(WordStage.WORKED.getAndSet(0)).isEqualTo(3);

        JobRun.Result same = run(RunMode.RESUME, List.of(), Map.of());
        assertThat(WordStage.WORKED.getAndSet(0))
                .as("the row that failed is tried again")
                .isEqualTo(1);
        assertThat(same.run().rowsSkipped()).isEqualTo(2);
        assertThat(same.manifest().counts().rowsRejected()).isEqualTo(1);
        verified();

        input(
                "{\"id\":\"a\",\"text\":\"one changed text\"}",
                "{\"id\":\"b\",\"text\":\"three\"}",
                "{\"id\":\"r\",\"text\":\"accepted\"}",
                "{\"id\":\"n\",\"text\":\"new\"}");
        JobRun.Result next = run(RunMode.RESUME, List.of(), Map.of());
        assertThat(WordStage.WORKED.get()).isEqualTo(3);
        assertThat(words())
                .containsExactly("a 0 one", "a 1 changed", "a 2 text", "b 0 three", "n 0 new", "r 0 accepted");
        assertThat(errors().count()).isZero();
        assertThat(next.manifest().counts().documentsOut()).isEqualTo(4);
        assertThat(next.manifest().counts().rowsIn()).isEqualTo(4);
        verified();
    }

    @Test
    void otherSettingsRefuseToResumeAndSayWhich() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}");
        run(RunMode.RESUME, List.of(), Map.of("words.size", "1"));
        assertThatThrownBy(() -> run(RunMode.RESUME, List.of(), Map.of("words.size", "2")))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("words.size (1, now 2)")
                .hasMessageContaining("--mode overwrite");
        assertThatThrownBy(() -> run(RunMode.FAIL, List.of(), Map.of())).isInstanceOf(OutputException.class);
        run(RunMode.OVERWRITE, List.of(), Map.of("words.size", "2"));
        assertThat(words()).containsExactly("a 0 one");
        verified();
    }

    @Test
    void overwriteLeavesNothingOfTheOldOutput() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one two three\"}", "{\"id\":\"x\",\"text\":\"reject\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        input("{\"id\":\"b\",\"text\":\"four\"}");
        run(RunMode.OVERWRITE, List.of(), Map.of());
        assertThat(words()).containsExactly("b 0 four");
        assertThat(errors().count()).isZero();
        verified();
    }

    @Test
    void filesThatTextloomDidNotWriteAreNotTouched() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}");
        Files.createDirectories(out());
        Files.writeString(out().resolve("precious.csv"), "x");
        assertThatThrownBy(() -> run(RunMode.OVERWRITE, List.of(), Map.of()))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("manifest");
        assertThat(out().resolve("precious.csv")).hasContent("x");
    }

    @Test
    void finishedTasksOfACrashedRunAreTakenOver() throws IOException {
        String[] lines = new String[40];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"id\":\"" + i + "\",\"text\":\"text " + (i == 17 ? "crash" : i) + "\"}";
        }
        input(lines);
        WordStage.crash = true;
        assertThatThrownBy(() -> run(RunMode.RESUME, List.of(), Map.of())).hasMessageContaining("crash asked for");
        assertThat(out().resolve("_textloom/manifest.json")).doesNotExist();

        WordStage.crash = false;
        WordStage.WORKED.set(0);
        JobRun.Result result = run(RunMode.RESUME, List.of(), Map.of());
        assertThat(WordStage.WORKED.get())
                .as("only the rows of unfinished tasks")
                .isBetween(1, 39);
        assertThat(result.run().resumedFrom()).isNotEmpty();
        assertThat(result.manifest().counts().rowsIn()).isEqualTo(40);
        assertThat(words()).hasSize(80);
        verified();
    }

    @Test
    void aCommitThatWasCutOffIsFinishedByTheNextOpen() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"b\",\"text\":\"two\"}");
        JobRun.Result result = run(RunMode.RESUME, List.of(), Map.of());
        // put the directory back to the middle of its commit: one file not yet moved, no manifest
        Manifest.File last = result.manifest().files().get(0);
        Path staging = Files.createDirectories(out().resolve("_textloom/staging/run"));
        Files.move(out().resolve(last.path()), staging.resolve("rows.parquet"));
        Files.delete(out().resolve("_textloom/manifest.json"));
        Journal journal = new Journal(
                List.of("gone.parquet"),
                result.manifest().files().stream()
                        .map(f -> new Journal.Move(f == last ? "rows.parquet" : "moved", f.path()))
                        .toList(),
                result.manifest());
        Files.write(staging.resolve("journal.json"), journal.toJson());

        OutputDirectory opened = OutputDirectory.open(out().toString(), new Configuration());
        assertThat(opened.hasUnfinishedCommit()).isTrue();
        opened.finishCommits();
        assertThat(opened.manifest()).contains(result.manifest());
        assertThat(words()).containsExactly("a 0 one", "b 0 two");
        assertThat(out().resolve("_textloom/staging/run")).doesNotExist();
        verified();
    }

    @Test
    void keptColumnsCanBecomePartitionDirectories() throws IOException {
        input(
                "{\"id\":\"a\",\"text\":\"one\",\"lang\":\"en\",\"n\":1}",
                "{\"id\":\"b\",\"text\":\"deux mots\",\"lang\":\"f/r\",\"n\":2}",
                "{\"id\":\"c\",\"text\":\"?\",\"n\":3}");
        OutputOptions options =
                new OutputOptions(out().toString(), RunMode.RESUME, 1, List.of("lang"), OutputFormat.PARQUET);
        run(options, List.of("lang", "n"), Map.of());
        assertThat(out().resolve("lang=en")).isDirectory();
        assertThat(spark.read()
                        .parquet(out().toString())
                        .selectExpr("id", "n", "lang")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactlyInAnyOrder("[a,1,en]", "[b,2,f/r]", "[b,2,f/r]", "[c,3,null]");
        verified();
    }

    @Test
    void zeroRowsStillWriteAFileWithTheSchema() throws IOException {
        Files.writeString(dir.resolve("in.jsonl"), "{\"id\":\"a\",\"text\":\"one\"}\n");
        IntakeOptions none = intake("id = 'nobody'", List.of());
        new JobRun(
                        spark,
                        "words",
                        new WordStage(),
                        output(RunMode.RESUME),
                        none,
                        MODEL,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        spark.sparkContext().longAccumulator(),
                        spark.sparkContext().longAccumulator())
                .run(new Intake(spark, none)::documents);
        assertThat(spark.read().parquet(out().toString()).columns()).containsExactly("id", "chunk_index", "word");
        assertThat(errors().count()).isZero();
        verified();
    }

    @Test
    void nothingIsDoneTwice() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one two\"}", "{\"id\":\"b\",\"text\":\"  \"}");
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(WordStage.WORKED.getAndSet(0)).isEqualTo(1);
        JobRun.Result same = run(RunMode.RESUME, List.of(), Map.of());
        assertThat(WordStage.WORKED.get()).isZero();
        assertThat(same.run().rowsSkipped()).isEqualTo(2);
        assertThat(same.manifest().runs()).hasSize(1);
    }

    @Test
    void takingOverAReplacementDoesNotDoubleRows() throws IOException {
        String[] lines = new String[30];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"id\":\"" + i + "\",\"text\":\"old\"}";
        }
        input(lines);
        run(RunMode.RESUME, List.of(), Map.of());
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"id\":\"" + i + "\",\"text\":\"" + (i == 11 ? "crash" : "new") + "\"}";
        }
        input(lines);
        WordStage.crash = true;
        assertThatThrownBy(() -> run(RunMode.RESUME, List.of(), Map.of())).hasMessageContaining("crash asked for");
        WordStage.crash = false;
        JobRun.Result result = run(RunMode.RESUME, List.of(), Map.of());
        assertThat(result.run().resumedFrom()).isNotEmpty();
        assertThat(words()).hasSize(30).noneMatch(w -> w.endsWith("old"));
        verified();
    }

    @Test
    void tasksOfAKilledOverwriteAreNotTakenOverByAResume() throws IOException {
        String[] lines = new String[30];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"id\":\"" + i + "\",\"text\":\"" + (i == 11 ? "crash" : "word") + "\"}";
        }
        input(lines);
        run(RunMode.RESUME, List.of(), Map.of());
        WordStage.crash = true;
        assertThatThrownBy(() -> run(RunMode.OVERWRITE, List.of(), Map.of())).hasMessageContaining("crash asked for");
        WordStage.crash = false;
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(words()).hasSize(30);
        verified();
    }

    @Test
    void anInterruptedRunWithNothingButEmptyTasksDoesNoHarm() throws IOException {
        input("{\"id\":\"a\",\"text\":\"crash\"}");
        WordStage.crash = true;
        assertThatThrownBy(() -> run(RunMode.RESUME, List.of(), Map.of())).hasMessageContaining("crash asked for");
        WordStage.crash = false;
        run(RunMode.RESUME, List.of(), Map.of());
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(words()).containsExactly("a 0 crash");
        verified();
    }

    @Test
    void aDuplicateSurvivesTheChangeOfItsFirstRow() throws IOException {
        input("{\"id\":\"a\",\"text\":\"first\"}", "{\"id\":\"a\",\"text\":\"second\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        input("{\"id\":\"a\",\"text\":\"changed\"}", "{\"id\":\"a\",\"text\":\"second\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(words()).containsExactly("a 0 changed");
        assertThat(errors().count()).isEqualTo(1);
        verified();
        input("{\"id\":\"a\",\"text\":\"second\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(words()).containsExactly("a 0 second");
        assertThat(errors().count()).isZero();
        verified();
    }

    @Test
    void aRowThatTurnsBadLeavesTheOutput() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"b\",\"text\":\"two\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        input("{\"id\":\"a\",\"text\":\" \"}", "{\"id\":\"b\",\"text\":\"two\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(words()).containsExactly("b 0 two");
        assertThat(errors().count()).isEqualTo(1);
        verified();
        input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"b\",\"text\":\"two\"}");
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(words()).containsExactly("a 0 one", "b 0 two");
        assertThat(errors().count()).isZero();
        verified();
    }

    @Test
    void aChangedKeptColumnIsAChangedRow() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\",\"k\":1}");
        run(RunMode.RESUME, List.of("k"), Map.of());
        input("{\"id\":\"a\",\"text\":\"one\",\"k\":2}");
        run(RunMode.RESUME, List.of("k"), Map.of());
        assertThat(words()).containsExactly("a 0 one 2");
        verified();
    }

    @Test
    void anOutputPathMayHoldGlobCharacters() throws IOException {
        OutputOptions options = new OutputOptions(
                dir.resolve("out[1]{a}").toString(), RunMode.RESUME, 1, List.of(), OutputFormat.PARQUET);
        input("{\"id\":\"a\",\"text\":\"old\"}", "{\"id\":\"b\",\"text\":\"same\"}");
        run(options, List.of(), Map.of());
        input("{\"id\":\"a\",\"text\":\"new\"}", "{\"id\":\"b\",\"text\":\"same\"}");
        JobRun.Result result = run(options, List.of(), Map.of());
        assertThat(result.manifest().counts().documentsOut()).isEqualTo(2);
        assertThat(result.manifest().counts().rowsOut()).isEqualTo(2);
        assertThat(Jobs.verify(spark, options.path(), true).problems()).isEmpty();
    }

    @Test
    void aSecondRunOnTheSameOutputIsRefused() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}");
        OutputDirectory directory = OutputDirectory.open(out().toString(), new Configuration());
        try (OutputLock lock = directory.lock()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> run(RunMode.RESUME, List.of(), Map.of()))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("Another run is working");
        }
        run(RunMode.RESUME, List.of(), Map.of());
        assertThat(out().resolve("_textloom/lock")).doesNotExist();
        Files.writeString(out().resolve("_textloom/lock"), "{\"host\":\"" + host() + "\",\"pid\":999999999}");
        run(RunMode.RESUME, List.of(), Map.of());
        verified();
    }

    private static String host() throws IOException {
        return java.net.InetAddress.getLocalHost().getHostName();
    }

    @Test
    void partitionValuesOfAnyTypeAreReadBack() throws IOException {
        input(
                "{\"id\":\"a\",\"text\":\"one\",\"lang\":\"\",\"year\":2024}",
                "{\"id\":\"b\",\"text\":\"two\",\"lang\":\"en\",\"year\":2024}",
                "{\"id\":\"c\",\"text\":\"three\",\"lang\":\"de\",\"year\":2025}");
        OutputOptions options =
                new OutputOptions(out().toString(), RunMode.RESUME, 1, List.of("year", "lang"), OutputFormat.PARQUET);
        run(options, List.of("lang", "year"), Map.of());
        assertThat(spark.read()
                        .parquet(out().toString())
                        .selectExpr("id", "year", "lang")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactlyInAnyOrder("[a,2024,null]", "[b,2024,en]", "[c,2025,de]");
        verified();
        assertThatThrownBy(() -> run(
                        new OutputOptions(
                                out() + "2", RunMode.RESUME, 1, List.of("lang", "lang"), OutputFormat.PARQUET),
                        List.of("lang"),
                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void footersCarryProvenance() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}");
        JobRun.Result result = run(RunMode.RESUME, List.of(), Map.of("words.size", "7"));
        for (Manifest.File file : result.manifest().files()) {
            org.apache.hadoop.fs.Path path =
                    new org.apache.hadoop.fs.Path(out().resolve(file.path()).toString());
            try (ParquetFileReader reader =
                    ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
                assertThat(reader.getFileMetaData().getKeyValueMetaData())
                        .containsEntry("textloom.sha256", "00")
                        .containsEntry("textloom.job", "words")
                        .containsEntry("textloom.words.size", "7");
            }
        }
    }

    @Test
    void verifyFindsWhatWasDoneToTheFiles() throws IOException {
        input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"b\",\"text\":\"two\"}");
        Manifest.File rows = run(RunMode.RESUME, List.of(), Map.of()).manifest().files().stream()
                .filter(f -> f.kind() == TaskReport.Kind.ROWS && f.rows() > 0)
                .findFirst()
                .orElseThrow();
        verified();
        Files.copy(out().resolve(rows.path()), out().resolve("copy.parquet"));
        VerifyReport report = Jobs.verify(spark, out().toString(), true);
        assertThat(report.ok()).isFalse();
        assertThat(report.problems()).anyMatch(p -> p.contains("copy.parquet"));

        Files.delete(out().resolve("copy.parquet"));
        Files.writeString(dir.resolve("in.jsonl"), "{\"id\":\"z\",\"text\":\"nine\"}\n");
        assertThat(Jobs.verify(spark, out().toString(), true).problems())
                .anyMatch(p -> p.contains("neither in the output nor in the error table"));
    }

    private JobRun.Result run(RunMode mode, List<String> kept, Map<String, String> settings) {
        return run(output(mode), kept, settings);
    }

    private JobRun.Result run(OutputOptions output, List<String> kept, Map<String, String> settings) {
        IntakeOptions intake = intake("", kept);
        return new JobRun(
                        spark,
                        "words",
                        new WordStage(),
                        output,
                        intake,
                        MODEL,
                        new TreeMap<>(settings),
                        new TreeMap<>(),
                        spark.sparkContext().longAccumulator(),
                        spark.sparkContext().longAccumulator())
                .run(new Intake(spark, intake)::documents);
    }

    private IntakeOptions intake(String where, List<String> kept) {
        return new IntakeOptions(
                List.of(dir.resolve("in.jsonl").toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                kept,
                where,
                0,
                4);
    }

    private OutputOptions output(RunMode mode) {
        return new OutputOptions(out().toString(), mode, 1, List.of(), OutputFormat.PARQUET);
    }

    private void input(String... lines) throws IOException {
        Files.writeString(dir.resolve("in.jsonl"), String.join("\n", lines), StandardCharsets.UTF_8);
    }

    private Path out() {
        return dir.resolve("out");
    }

    private List<String> words() {
        return spark.read().parquet(out().toString()).collectAsList().stream()
                .map(r -> r.mkString(" "))
                .sorted()
                .toList();
    }

    private Dataset<Row> errors() {
        return spark.read().parquet(out().resolve("_textloom/errors").toString());
    }

    private void verified() {
        assertThat(Jobs.verify(spark, out().toString(), true).problems()).isEmpty();
    }
}
