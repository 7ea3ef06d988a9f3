package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.embed.EmbedOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.model.ModelException;
import io.textloom.prompt.PromptOptions;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.plan.Estimate;
import io.textloom.spark.plan.Plan;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans against what the jobs then do. */
class ExplainTest {
    private static final String GPT = "storyteller";
    private static final int SAMPLE = 600;
    private static final double SECONDS = 0.3;

    private final SparkSession spark = LocalSpark.session();
    private final Random random = new Random(3);

    @TempDir
    Path dir;

    private Path output = Path.of("");

    @BeforeEach
    void noOutput() {
        output = dir.resolve("out");
    }

    @Test
    void aLargeFileIsEstimatedWithinAFifthAndNothingIsWritten() throws IOException {
        Path input = Files.write(dir.resolve("corpus.jsonl"), lines(30_000));
        assertThat(Files.size(input)).isGreaterThan(4L << 20);

        Plan plan = explain(input, RunMode.RESUME);
        assertThat(output).doesNotExist();
        assertThat(files(dir)).containsExactly(input);
        assertThat(plan.sample().share()).isLessThan(0.5);
        assertThat(plan.sample().rows()).isBetween(300L, 900L);

        JobReport report = Jobs.run(spec(input, RunMode.RESUME));
        close(plan.rows(), report.rowsIn());
        close(plan.tokens(), report.tokens());
        close(plan.outputRows(), report.rowsOut());
        assertThat(plan.sample().faultyShare()).isCloseTo(0.05, within(0.04));
        assertThat(plan.sample().medianTokens())
                .isCloseTo(report.lengths().get(GPT).p50(), within(15));
        assertThat(plan.sample().faults()).containsOnlyKeys("EMPTY_TEXT");
        assertThat(plan.seconds().low()).isPositive();
        assertThat(plan.seconds().high()).isGreaterThan(plan.seconds().low());
        close(plan.outputBytes(), bytes(output));
    }

    @Test
    void compressedFilesAreEstimatedFromTheirBeginnings() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("corpus"));
        for (int i = 0; i < 3; i++) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(i + ".jsonl.gz")))) {
                out.write(String.join("\n", lines(4_000)).getBytes(StandardCharsets.UTF_8));
            }
        }
        Plan plan = explain(folder, RunMode.RESUME);

        assertThat(plan.input().files()).isEqualTo(3);
        close(plan.rows(), 12_000);
    }

    @Test
    void aSmallInputIsLookedAtWhole() throws IOException {
        Path input = Files.write(dir.resolve("corpus.jsonl"), lines(200));
        Plan plan = explain(input, RunMode.RESUME);

        assertThat(plan.sample().share()).isEqualTo(1);
        assertThat(plan.rows()).isEqualTo(Estimate.exactly(200));
        assertThat(plan.tokens())
                .isEqualTo(
                        Estimate.exactly(Jobs.run(spec(input, RunMode.RESUME)).tokens()));
    }

    @Test
    void tablesAreCounted() throws IOException {
        Path input = Files.write(dir.resolve("corpus.jsonl"), lines(5_000));
        Path table = dir.resolve("corpus.parquet");
        spark.read().json(input.toString()).repartition(8).write().parquet(table.toString());
        Plan plan = explain(table, RunMode.RESUME);

        assertThat(plan.rows())
                .isEqualTo(new Estimate(5000, plan.rows().low(), plan.rows().high()));
        assertThat(plan.sample().rows()).isBetween(300L, 900L);
        close(plan.tokens(), Jobs.run(spec(table, RunMode.RESUME)).tokens());
        assertThat(plan.notes()).anyMatch(note -> note.contains("were counted"));
    }

    @Test
    void paragraphsAndWholeFilesAreTheRowsOfPlainText() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("books"));
        for (int i = 0; i < 40; i++) {
            Files.writeString(folder.resolve(i + ".txt"), "One line\nand another.\n\n\nA second paragraph.\n");
        }
        assertThat(explain(intake(folder, DocumentUnit.PARAGRAPH), RunMode.RESUME)
                        .rows()
                        .value())
                .isEqualTo(80);
        assertThat(explain(intake(folder, DocumentUnit.FILE), RunMode.RESUME)
                        .rows()
                        .value())
                .isEqualTo(40);
    }

    @Test
    void aResumeKnowsWhatIsDoneAndWhatItWouldRefuse() throws IOException {
        List<String> lines = lines(400);
        Path input = Files.write(dir.resolve("corpus.jsonl"), lines.subList(0, 300));
        JobReport report = Jobs.run(spec(input, RunMode.RESUME));
        Files.write(input, lines);
        List<Path> before = files(output);

        Plan plan = explain(input, RunMode.RESUME);
        assertThat(plan.resume().refusal()).isEmpty();
        assertThat(plan.resume().rowsKnown()).isEqualTo(300);
        assertThat(plan.resume().rowsRejected()).isEqualTo(report.rowsRejected());
        assertThat(plan.resume().doneShare()).isCloseTo(0.75, within(0.02));
        assertThat(plan.rowsToDo().value()).isCloseTo(95, within(8.0));

        assertThat(explain(input, RunMode.FAIL).resume().refusal()).contains("mode is fail");
        assertThat(explain(input, RunMode.OVERWRITE).resume().doneShare()).isZero();
        JobSpec other = Jobs.embedding(
                context(intake(input, DocumentUnit.LINE), RunMode.RESUME, Map.of()),
                EmbedOptions.defaults(),
                DeviceOptions.AUTO,
                List.of(GPT));
        Plan refused = Jobs.explain(other, 50, 0.1);
        assertThat(refused.resume().refusal()).contains("other settings");
        assertThat(refused.resume().differing()).anyMatch(d -> d.contains("job (tokenize, now embed)"));
        assertThat(files(output)).isEqualTo(before);
    }

    @Test
    void aGeneratingJobIsMeasuredToo() throws IOException {
        Path input = Files.write(dir.resolve("corpus.jsonl"), lines(30));
        JobSpec spec = Jobs.generating(
                context(intake(input, DocumentUnit.LINE), RunMode.RESUME, Map.of("generate.kvMemory", "64")),
                TestOptions.of(4, 0, 0, 1, 0, 1, List.of(), LongPrompts.TRUNCATE, 4),
                PromptOptions.defaults(),
                DeviceOptions.AUTO);
        Plan plan = Jobs.explain(spec, SAMPLE, SECONDS);

        assertThat(plan.run().documents()).isPositive();
        assertThat(plan.run().tokensPerSecond()).isPositive();
        assertThat(plan.memory()).isGreaterThan(64L << 20);
        assertThat(output).doesNotExist();
    }

    @Test
    void anotherModelThanThePinnedEndsTheJobBeforeItWrites() throws IOException {
        Path input = Files.write(dir.resolve("corpus.jsonl"), lines(10));
        JobSpec spec = Jobs.tokenizing(
                context(intake(input, DocumentUnit.LINE), RunMode.RESUME, Map.of("modelSha256", "0".repeat(64))),
                new TokenizeOptions(0, true),
                List.of(GPT));

        assertThatThrownBy(() -> Jobs.run(spec))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("modelSha256");
        assertThat(output).doesNotExist();
    }

    private static void close(Estimate estimate, double truth) {
        assertThat(estimate.value()).isCloseTo(truth, within(0.2 * truth));
    }

    /** One row in twenty is empty. */
    private List<String> lines(int rows) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            StringBuilder text = new StringBuilder();
            int words = i % 20 == 7 ? 0 : 5 + random.nextInt(60) * random.nextInt(3);
            for (int w = 0; w < words; w++) {
                text.append(w == 0 ? "" : " ")
                        .append(List.of("the", "old", "fox", "went", "to", "sea", "again")
                                .get(random.nextInt(7)));
            }
            lines.add("{\"n\":" + i + ",\"text\":\""
                    + (words == 0 ? "" : text.append(' ').append(i)) + "\"}");
        }
        return lines;
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (var found = Files.list(folder)) {
            for (Path file :
                    found.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }

    private Plan explain(Path input, RunMode mode) {
        return explain(intake(input, DocumentUnit.LINE), mode);
    }

    private Plan explain(IntakeOptions intake, RunMode mode) {
        return Jobs.explain(spec(intake, mode), SAMPLE, SECONDS);
    }

    private JobSpec spec(Path input, RunMode mode) {
        return spec(intake(input, DocumentUnit.LINE), mode);
    }

    private JobSpec spec(IntakeOptions intake, RunMode mode) {
        return Jobs.tokenizing(context(intake, mode, Map.of()), new TokenizeOptions(0, true), List.of(GPT));
    }

    private IntakeOptions intake(Path input, DocumentUnit unit) {
        return new IntakeOptions(
                List.of(input.toString()), InputFormat.AUTO, unit, "text", "", DuplicateIds.ERROR, List.of(), "", 0, 0);
    }

    private JobContext context(IntakeOptions intake, RunMode mode, Map<String, String> settings) {
        return new JobContext(
                spark,
                GPT,
                intake,
                new OutputOptions(output.toString(), mode, 0.5, List.of(), OutputFormat.PARQUET),
                new TreeMap<>(settings),
                Progress.SILENT);
    }
}
