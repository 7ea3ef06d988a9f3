package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.generate.EngineOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.model.ModelRef;
import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.TinyGpt;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.stage.GenerateStage;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.Stage;
import io.textloom.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a row's completion must not depend on: text and bits of the log-probability are compared for every row. {@code -Dtextloom.determinism.model=FOLDER}
 * takes another model than the tiny one.
 */
@Timeout(900)
class GenerateDeterminismTest {
    private static final int ROWS = 300;
    private static final long SEED = 42;

    private final SparkSession spark = LocalSpark.session();
    private final Configuration conf = new Configuration();

    @TempDir
    Path dir;

    private ModelRef model;

    @BeforeEach
    void writeModelAndInput() throws IOException {
        String given = System.getProperty("textloom.determinism.model", "");
        model = ModelLeases.store()
                .resolve(given.isEmpty() ? TinyGpt.write(dir.resolve("tiny")).toString() : given, conf);
        String[] words =
                "the old king rode a grey horse over hill and river to find his lost daughter in winter 茶 山 café 🦊"
                        .split(" ");
        // long enough to be kept by the prefix cache
        String shared =
                "Once upon a time, when wishes still came true, there lived people whom nobody knew. ".repeat(3);
        Random random = new Random(5);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            StringBuilder text = new StringBuilder(i % 4 == 0 ? "" : shared).append("Tell");
            for (int n = random.nextInt(i % 17 == 0 ? 90 : 25); n > 0; n--) {
                text.append(' ').append(words[random.nextInt(words.length)]);
            }
            lines.add("{\"id\": \"row-" + i + "\", \"text\": \"" + text + "\"}");
        }
        Files.write(dir.resolve("in.jsonl"), lines);
        Collections.shuffle(lines, new Random(6));
        Files.write(dir.resolve("shuffled.jsonl"), lines);
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "INT8"})
    void nothingAroundARowChangesItsCompletion(Precision precision) {
        GenerateOptions options = options(precision, true);
        Map<String, String> expected = run("p1", "in.jsonl", 1, options, s -> s);
        assertThat(expected).hasSize(ROWS);
        long tokens = tokens("p1");
        for (int partitions : new int[] {2, 8, 64}) {
            String name = "p" + partitions;
            assertThat(run(name, "in.jsonl", partitions, options, s -> s)).isEqualTo(expected);
            tokens += tokens(name);
        }
        assertThat(run("shuffled", "shuffled.jsonl", 3, options, s -> s)).isEqualTo(expected);
        tokens += tokens("shuffled");

        int failed = FailingFirst.FAILED.get();
        assertThat(run("retried", "in.jsonl", 4, options, s -> new FailingFirst(s, 20)))
                .isEqualTo(expected);
        assertThat(FailingFirst.FAILED.get() - failed).isEqualTo(4);
        tokens += tokens("retried");

        assertThat(run("uncached", "in.jsonl", 2, options(precision, false), s -> s))
                .isEqualTo(expected);
        tokens += tokens("uncached");
        assertThat(tokens).as("tokens compared").isGreaterThan(50_000);
        assertThat(Jobs.verify(spark, dir.resolve("retried").toString(), true).problems())
                .isEmpty();
    }

    private static GenerateOptions options(Precision precision, boolean prefixCache) {
        GenerateOptions options = TestOptions.of(48, 0.9, 0, 0.95, SEED, 1, List.of("\n"), LongPrompts.TRUNCATE, 8);
        return new GenerateOptions(
                options.sampling(), options.longPrompts(), new EngineOptions(precision, 8, 512, prefixCache));
    }

    /** Completion, reason, counts and the bits of the log-probability by id. */
    private Map<String, String> run(
            String output, String input, int partitions, GenerateOptions options, UnaryOperator<Stage> around) {
        IntakeOptions intake = new IntakeOptions(
                List.of(dir.resolve(input).toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                partitions);
        Stage stage = around.apply(GenerateStage.of(model, options, DeviceOptions.AUTO, conf));
        new JobRun(
                        spark,
                        "generate",
                        stage,
                        new OutputOptions(
                                dir.resolve(output).toString(), RunMode.FAIL, 0, List.of(), OutputFormat.PARQUET),
                        intake,
                        new Manifest.Model(model.name(), model.uri(), model.sha256()),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        spark.sparkContext().longAccumulator(),
                        spark.sparkContext().longAccumulator())
                .run(() -> new Intake(spark, intake, stage.taskSize()).documents());
        Map<String, String> rows = new TreeMap<>();
        for (Row row : spark.read().parquet(dir.resolve(output).toString()).collectAsList()) {
            rows.put(
                    row.getAs("id"),
                    row.getAs("finish_reason") + "/" + row.getAs("n_prompt_tokens") + "/"
                            + row.getAs("n_completion_tokens") + "/"
                            + Long.toHexString(Double.doubleToRawLongBits(row.getAs("logprob"))) + "/"
                            + row.getAs("completion"));
        }
        return rows;
    }

    private long tokens(String output) {
        return spark.read()
                .parquet(dir.resolve(output).toString())
                .agg(Map.of("n_completion_tokens", "sum"))
                .first()
                .getLong(0);
    }
}
