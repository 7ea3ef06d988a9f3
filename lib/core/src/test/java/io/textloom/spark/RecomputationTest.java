package io.textloom.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.embed.EmbedOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputDirectory;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are computed again are what the output holds, and where they are not, the row and the column are named. */
class RecomputationTest {
    private static final VerifyOptions FIVE = new VerifyOptions(true, 5, 3);

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path dir;

    @Test
    void soundOutputsAreComputedAlike() throws IOException {
        input();
        for (String id : List.of("id", "")) {
            VerifyReport tokens = verify(run("tokens" + id, "all-MiniLM-L6-v2", id, this::tokenize), this::tokenize);
            assertThat(tokens.problems()).isEmpty();
            assertThat(tokens.counts()).containsEntry("recomputed", 5L);
            VerifyReport vectors = verify(run("vectors" + id, "all-MiniLM-L6-v2", id, this::embed), this::embed);
            assertThat(vectors.problems()).isEmpty();
            assertThat(vectors.unchecked()).isEmpty();
            VerifyReport texts = verify(run("texts" + id, "storyteller", id, this::generate), this::generate);
            assertThat(texts.problems()).isEmpty();
        }
        try (Stream<Path> left = Files.list(dir.resolve("tokens/_textloom"))) {
            assertThat(left.filter(f -> f.getFileName().toString().startsWith("recompute")))
                    .as("what was computed again is deleted")
                    .isEmpty();
        }
    }

    @Test
    void aChangedTokenAndAChangedVectorAreNamed() throws IOException {
        input();
        String tokens = run("tokens", "all-MiniLM-L6-v2", "id", this::tokenize);
        change(tokens, t -> t.withColumn("input_ids", expr("transform(input_ids, x -> IF(x = 2332, 2333, x))")));
        assertThat(verify(tokens, this::tokenize).problems())
                .anySatisfy(p -> assertThat(p).matches("Recomputed: the row row-\\d+ has another input_ids: .*"));
        String vectors = run("vectors", "all-MiniLM-L6-v2", "id", this::embed);
        change(
                vectors,
                t -> t.withColumn("embedding", expr("transform(embedding, (x, i) -> IF(i = 3, x + 0.0003F, x))")));
        assertThat(verify(vectors, this::embed).problems())
                .anySatisfy(p -> assertThat(p).matches("Recomputed: the row row-\\d+ / 0 has another embedding: .*"));
    }

    @Test
    void changedInputsAreNamed() throws IOException {
        input();
        String tokens = run("tokens", "all-MiniLM-L6-v2", "id", this::tokenize);
        Files.writeString(dir.resolve("in.jsonl"), "{\"id\": \"other\", \"text\": \"Nothing else.\"}\n");
        assertThat(verify(tokens, this::tokenize).problems()).anyMatch(p -> p.startsWith("The input has no document"));
    }

    @Test
    void aTextThatChangedUnderItsIdIsNoWrongRow() throws IOException {
        input();
        String tokens = run("tokens", "all-MiniLM-L6-v2", "id", this::tokenize);
        Path file = dir.resolve("in.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"text\": \"", "\"text\": \"Changed. "));
        List<String> problems = verify(tokens, this::tokenize).problems();
        assertThat(problems)
                .noneMatch(p -> p.startsWith("Recomputed"))
                .filteredOn(p -> p.startsWith("The input has no document row-"))
                .hasSize(5);
    }

    @Test
    void aModelThatIsGoneIsSaid() throws IOException {
        input();
        String tokens = run("tokens", "all-MiniLM-L6-v2", "id", this::tokenize);
        VerifyReport report = verify(tokens, context -> {
            throw new io.textloom.model.ModelException("There is no model folder /gone");
        });
        assertThat(report.problems()).isEmpty();
        assertThat(report.unchecked()).containsExactly("There is no model folder /gone");
        VerifyReport other = verify(
                tokens,
                context -> Jobs.tokenize(
                        new JobContext(
                                spark,
                                "storyteller",
                                context.intake(),
                                context.output(),
                                context.settings(),
                                Progress.SILENT),
                        new TokenizeOptions(0, true)));
        assertThat(other.unchecked()).singleElement().asString().contains("sha-256");
    }

    private JobReport tokenize(JobContext context) {
        return Jobs.tokenize(context, new TokenizeOptions(0, true));
    }

    private JobReport embed(JobContext context) {
        return Jobs.embed(context, EmbedOptions.defaults());
    }

    private JobReport generate(JobContext context) {
        return Jobs.generate(context, TestOptions.of(4, 0, 0, 1, 0, 1, List.of(), LongPrompts.ERROR, 4));
    }

    private void input() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            lines.add("{\"id\": \"row-" + i + "\", \"text\": \"The king rode out, day " + i + ".\"}");
        }
        Files.write(dir.resolve("in.jsonl"), lines, StandardCharsets.UTF_8);
    }

    private String run(String output, String model, String id, Function<JobContext, JobReport> job) {
        JobReport report = job.apply(
                context(dir.resolve("in.jsonl").toString(), dir.resolve(output).toString(), model, id, RunMode.FAIL));
        assertThat(report.documentsOut()).isEqualTo(12);
        return dir.resolve(output).toString();
    }

    private VerifyReport verify(String output, Function<JobContext, JobReport> job) {
        Manifest manifest = OutputDirectory.open(output, spark.sparkContext().hadoopConfiguration())
                .manifest()
                .orElseThrow();
        JobBySettings again = (session, name, settings) -> job.apply(context(
                single(settings),
                settings.getOrDefault("output", ""),
                manifest.model().name(),
                settings.getOrDefault("idColumn", ""),
                RunMode.OVERWRITE));
        return Jobs.verify(spark, output, FIVE, again);
    }

    private static String single(SortedMap<String, String> settings) {
        return settings.getOrDefault("input", "").replaceAll("^\\[\"|\"]$", "");
    }

    private JobContext context(String input, String output, String model, String id, RunMode mode) {
        IntakeOptions intake = new IntakeOptions(
                List.of(input),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                id,
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2);
        return new JobContext(
                spark,
                model,
                intake,
                new OutputOptions(output, mode, 1, List.of(), OutputFormat.PARQUET),
                new TreeMap<>(),
                Progress.SILENT);
    }

    private void change(String output, UnaryOperator<Dataset<Row>> how) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(output))) {
            for (Path file : files.filter(f -> f.getFileName().toString().matches("part-.*parquet"))
                    .toList()) {
                Path changed = Files.createTempDirectory(dir, "changed").resolve("t");
                how.apply(spark.read().parquet(file.toString()))
                        .coalesce(1)
                        .write()
                        .parquet(changed.toString());
                try (Stream<Path> written = Files.list(changed)) {
                    Path only = written.filter(f -> f.getFileName().toString().startsWith("part-"))
                            .findFirst()
                            .orElseThrow();
                    Files.copy(only, file, StandardCopyOption.REPLACE_EXISTING);
                    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
                }
            }
        }
    }
}
