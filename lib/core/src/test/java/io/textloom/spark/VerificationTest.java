package io.textloom.spark;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.embed.EmbedOptions;
import io.textloom.spark.commit.Deleted;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.ResumeOptions;
import io.textloom.spark.commit.RetryErrors;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.token.Remainder;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done to an output's files is found, and said with the file and what to do. */
class VerificationTest {
    private static final String MODEL = "all-MiniLM-L6-v2";

    private static final SparkSession SPARK = LocalSpark.session();

    @TempDir
    static Path dir;

    private static int copies;

    /** One output of each job, which tests copy. */
    @BeforeAll
    static void makeOutputs() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add("{\"id\": \"row-" + i + "\", \"text\": \"" + "The king rode out, day " + i + " of many. "
                    + "Again. ".repeat(i % 9) + "\"}");
        }
        lines.add("{\"id\": \"blank\", \"text\": \" \"}");
        Files.write(dir.resolve("in.jsonl"), lines, StandardCharsets.UTF_8);
        Jobs.tokenize(context("tokens"), new TokenizeOptions(0, true));
        Jobs.tokenize(
                context("chunks"),
                new TokenizeOptions(
                        RowUnit.CHUNK,
                        16,
                        0,
                        true,
                        false,
                        false,
                        TokenizeOptions.AUTO_SEPARATOR,
                        Remainder.KEEP,
                        TokenizeOptions.FILE_TOKENS));
        Jobs.embed(context("vectors"), EmbedOptions.defaults());
    }

    @Test
    void soundOutputsHaveNoProblems() {
        for (String name : List.of("tokens", "chunks", "vectors")) {
            VerifyReport report = Jobs.verify(SPARK, dir.resolve(name).toString(), true);
            assertThat(report.problems()).as(name).isEmpty();
            assertThat(report.unchecked()).isEmpty();
            assertThat(report.counts()).containsEntry("documentsOut", 60L).containsEntry("rowsRejected", 1L);
        }
    }

    @Test
    void aFlippedByteInAPageIsNamed() {
        assertProblem("tokens", out -> flip(rows(out)), rows -> rows + " is damaged: ");
    }

    @Test
    void aTruncatedFileIsNamed() {
        assertProblem(
                "tokens",
                out -> {
                    Path file = rows(out);
                    write(file, Arrays.copyOf(read(file), (int) size(file) / 2));
                },
                rows -> rows + " has ");
    }

    @Test
    void aDeletedFileIsNamed() {
        assertProblem("tokens", out -> delete(rows(out)), rows -> rows + " is missing");
    }

    @Test
    void anAddedFileIsNamed() {
        assertProblem(
                "tokens",
                out -> copy(rows(out), out.resolve("another.parquet")),
                rows -> "another.parquet is not a file of the manifest");
    }

    @Test
    void swappedFilesAreNamed() {
        assertProblem(
                "tokens",
                out -> {
                    byte[] ledger = read(first(out.resolve("_textloom/ledger")));
                    byte[] rows = read(rows(out));
                    write(rows(out), ledger);
                    write(first(out.resolve("_textloom/ledger")), rows);
                },
                rows -> rows + " has ");
    }

    @Test
    void aFooterOfAnotherModelIsNamed() {
        assertProblem(
                "tokens",
                out -> manifest(out, m -> ((ObjectNode) m.get("model")).put("sha256", "0".repeat(64))),
                rows -> "The footer of " + rows + ": textloom.sha256 is ");
    }

    @Test
    void aFileOfAnotherOutputIsNamed() {
        assertProblem(
                "tokens",
                out -> copy(rows(dir.resolve("vectors")), rows(out)),
                rows -> "The footer of " + rows + ": textloom.run is ");
    }

    @Test
    void aVectorThatIsNoNumberIsNamed() {
        assertProblem(
                "vectors",
                out -> change(
                        rows(out),
                        t -> t.withColumn("embedding", expr("transform(embedding, x -> CAST('NaN' AS FLOAT))"))),
                rows -> "vectors with a value that is no number");
    }

    @Test
    void aVectorOfAnotherLengthThanOneIsNamed() {
        assertProblem(
                "vectors",
                out -> change(
                        rows(out),
                        t -> t.withColumn("embedding", expr("transform(embedding, x -> x * 1.01F)"))
                                .withMetadata(
                                        "embedding",
                                        t.schema().apply("embedding").metadata())),
                rows -> "vectors whose length is not 1 although they are normalised");
    }

    @Test
    void aDuplicatedIdIsNamed() {
        assertProblem(
                "tokens",
                out -> change(rows(out), t -> t.union(t.limit(1))),
                rows -> "ids with the same row more than once: 1, the first is row-");
    }

    @Test
    void aMissingChunkIsNamed() {
        assertProblem(
                "chunks",
                out -> {
                    for (Path file : all(out)) {
                        change(file, t -> t.filter("chunk_index != 0"));
                    }
                },
                rows -> "ids with a gap in their chunk_index");
    }

    @Test
    void aWrongLedgerRowIsNamed() {
        assertProblem(
                "tokens",
                out -> {
                    for (Path file : all(out.resolve("_textloom/ledger"))) {
                        change(file, t -> t.withColumn("id", expr("IF(id = 'row-7', 'row-x', id)")));
                    }
                },
                rows -> "ids in the rows that are not done by the ledger: 1, the first is row-7");
    }

    @Test
    void aWrongCountInTheManifestIsNamed() {
        assertProblem(
                "tokens",
                out -> manifest(out, m -> ((ObjectNode) m.get("counts")).put("documentsOut", 61)),
                rows -> "documents: found 60, but the manifest's documentsOut is 61");
    }

    @Test
    void anUnknownCodeOfAnErrorIsNamed() {
        assertProblem(
                "tokens",
                out -> {
                    for (Path file : all(out.resolve("_textloom/errors"))) {
                        change(file, t -> t.withColumn("code", lit("ODD")));
                    }
                },
                rows -> "error rows with a code that Textloom does not have: 1, the first with id blank");
    }

    @Test
    void anOutcomeThatTheLedgerDoesNotSayIsNamed() {
        String problem =
                "ids whose error rows have another code or attempt than the ledger says: 1, the first is blank";
        assertProblem("tokens", out -> changeAll(out, "errors", "code", lit("CRASHED")), rows -> problem);
        assertProblem("tokens", out -> changeAll(out, "errors", "attempt", lit(3)), rows -> problem);
    }

    @Test
    void aLedgerThatContradictsItselfIsNamed() {
        assertProblem(
                "tokens",
                out -> changeAll(out, "ledger", "code", lit("EMPTY_TEXT")),
                rows -> "ledger rows of documents in the output that have the code of an error: 60, ");
        assertProblem(
                "tokens",
                out -> changeAll(out, "ledger", "code", expr("replace(code, 'EMPTY_TEXT', 'ODD')")),
                rows -> "ledger rows with a code that Textloom does not have: 1, the first with id blank");
        assertProblem(
                "tokens",
                out -> changeAll(out, "ledger", "attempt", lit(0)),
                rows -> "ledger rows with an attempt below 1: 61, ");
    }

    @Test
    void olderLedgersTellNeitherCodeNorAttempt() {
        Path out = copyOf("tokens");
        for (Path file : all(out.resolve("_textloom/ledger"))) {
            change(file, t -> t.drop("code", "attempt"));
        }
        assertThat(Jobs.verify(SPARK, out.toString(), true).problems())
                .allSatisfy(problem -> assertThat(problem).containsAnyOf("The footer of", " bytes but the manifest"));
    }

    @Test
    void rowsOfACrashAreErrorsLikeOthers() {
        Path out = copyOf("tokens");
        for (String table : List.of("errors", "ledger")) {
            changeAll(out, table, "code", expr("replace(code, 'EMPTY_TEXT', 'CRASHED')"));
        }
        assertThat(Jobs.verify(SPARK, out.toString(), true).problems())
                .allSatisfy(problem -> assertThat(problem).containsAnyOf("The footer of", " bytes but the manifest"));
    }

    @Test
    void idsThatLeftTheInputAreNamedWhereTheyShouldLeaveTheOutput() throws IOException {
        Path input = dir.resolve("shrinking.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            lines.add("{\"id\": \"row-" + i + "\", \"text\": \"Day " + i + ".\"}");
        }
        Files.write(input, lines, StandardCharsets.UTF_8);
        for (Deleted deleted : Deleted.values()) {
            nightly(input, deleted);
        }
        Files.write(input, lines.subList(1, 6), StandardCharsets.UTF_8);
        assertThat(nightly(input, Deleted.KEEP).rowsDeleted()).isZero();
        assertThat(nightly(input, Deleted.DROP).rowsDeleted()).isEqualTo(1);
        for (Deleted deleted : Deleted.values()) {
            assertThat(nightly(input, deleted).rowsSkipped())
                    .as("nothing is to do")
                    .isEqualTo(5);
            VerifyReport report = Jobs.verify(SPARK, dir.resolve(deleted.name()).toString(), true);
            assertThat(report.problems()).isEmpty();
            assertThat(report.counts()).containsEntry("inputRows", 5L);
        }
        Files.write(input, lines.subList(2, 6), StandardCharsets.UTF_8);
        assertThat(Jobs.verify(SPARK, dir.resolve("KEEP").toString(), true).problems())
                .isEmpty();
        assertThat(Jobs.verify(SPARK, dir.resolve("DROP").toString(), true).problems())
                .singleElement()
                .asString()
                .startsWith("ids that the input no longer has, which deleted=drop takes out: found 1, ");
        lines.set(5, "{\"id\": \"row-5\", \"text\": \"Another day.\"}");
        Files.write(input, lines.subList(1, 6), StandardCharsets.UTF_8);
        assertThat(Jobs.verify(SPARK, dir.resolve("KEEP").toString(), true).problems())
                .singleElement()
                .asString()
                .startsWith("input rows that are neither in the output nor in the error table: found 1, ");
    }

    private static JobReport nightly(Path input, Deleted deleted) {
        ResumeOptions resume = new ResumeOptions(deleted, RetryErrors.FAILED, true);
        OutputOptions output = new OutputOptions(
                dir.resolve(deleted.name()).toString(), RunMode.RESUME, 1, List.of(), OutputFormat.PARQUET, resume);
        String setting = deleted.name().toLowerCase(Locale.ROOT);
        return Jobs.tokenize(
                context(input, output, new TreeMap<>(Map.of("deleted", setting))), new TokenizeOptions(0, true));
    }

    @Test
    void countsBelowZeroAreNamed() {
        assertProblem(
                "tokens",
                out -> change(rows(out), t -> t.withColumn("n_tokens", lit(-1))),
                rows -> "rows with n_tokens below 0: ");
    }

    @Test
    void anInputThatIsGoneIsNoProblemOfTheOutput() {
        Path out = copyOf("tokens");
        manifest(
                out,
                m -> ((ObjectNode) m.get("intake"))
                        .putArray("inputs")
                        .add(dir.resolve("gone.jsonl").toString()));
        VerifyReport report = Jobs.verify(SPARK, out.toString(), true);
        assertThat(report.problems()).isEmpty();
        assertThat(report.unchecked()).singleElement().asString().contains("gone.jsonl");
    }

    /** @param problem beginning of the message, given the file of rows that was changed */
    private void assertProblem(String output, Consumer<Path> damage, UnaryOperator<String> problem) {
        Path out = copyOf(output);
        String rows = rows(out).getFileName().toString();
        damage.accept(out);
        VerifyReport report = Jobs.verify(SPARK, out.toString(), false);
        assertThat(report.ok()).isFalse();
        assertThat(report.problems())
                .anySatisfy(message ->
                        assertThat(message).startsWith(problem.apply(rows)).contains("; "));
    }

    private Path copyOf(String output) {
        Path copy = dir.resolve(output + "-" + copies++);
        try (Stream<Path> files = Files.walk(dir.resolve(output))) {
            for (Path file : files.toList()) {
                // the checksums of Hadoop's local file system would find any change first
                if (!file.getFileName().toString().endsWith(".crc")) {
                    Files.copy(
                            file,
                            copy.resolve(dir.resolve(output).relativize(file).toString()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    private static Path rows(Path out) {
        return first(out);
    }

    private static Path first(Path directory) {
        return all(directory).get(0);
    }

    private static List<Path> all(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".parquet"))
                    .filter(f -> !f.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(Path file, UnaryOperator<Dataset<Row>> how) {
        Path changed = dir.resolve("changed-" + copies++);
        how.apply(SPARK.read().parquet(file.toString())).coalesce(1).write().parquet(changed.toString());
        copy(first(changed), file);
    }

    /** @param table below {@code _textloom} */
    private void changeAll(Path out, String table, String column, Column value) {
        for (Path file : all(out.resolve("_textloom/" + table))) {
            change(file, t -> t.withColumn(column, value));
        }
    }

    private static void manifest(Path out, Consumer<JsonNode> how) {
        Path file = out.resolve("_textloom/manifest.json");
        try {
            ObjectMapper json = new ObjectMapper();
            JsonNode manifest = json.readTree(file.toFile());
            how.accept(manifest);
            json.writeValue(file.toFile(), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the middle of the data, which lies before the footer. */
    private static void flip(Path file) {
        byte[] bytes = read(file);
        bytes[bytes.length / 4] ^= 0x10;
        write(file, bytes);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        return read(file).length;
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JobContext context(String output) {
        return context(
                dir.resolve("in.jsonl"),
                new OutputOptions(dir.resolve(output).toString(), RunMode.FAIL, 1, List.of(), OutputFormat.PARQUET),
                new TreeMap<>());
    }

    private static JobContext context(Path input, OutputOptions output, TreeMap<String, String> settings) {
        IntakeOptions intake = new IntakeOptions(
                List.of(input.toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2);
        return new JobContext(SPARK, MODEL, intake, output, settings, Progress.SILENT);
    }
}
