package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.ModelRef;
import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.TokenizeStage;
import io.textloom.token.Remainder;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tokenize job that is killed in the middle of its tasks, and run again. */
class TokenizeResumeTest {
    private static final int TASKS = 6;
    private static final ModelRef BERT = ModelLeases.store().resolve("all-MiniLM-L6-v2", new Configuration());

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path dir;

    @AfterEach
    void reset() {
        CrashingStage.crash = false;
    }

    @ParameterizedTest
    @CsvSource({"DOCUMENT,id", "CHUNK,''", "BLOCK,id", "BLOCK,''"})
    void aKilledRunAndTheNextGiveWhatOneRunGives(RowUnit rows, String idColumn) throws IOException {
        List<String> lines = new ArrayList<>();
        int last = documentOfTheLastTask(idColumn);
        for (int i = 0; i < 60; i++) {
            lines.add("{\"id\":\"" + i + "\",\"text\":\"" + text(i == last ? "crash " : "tale ", i) + "\"}");
        }
        Files.write(dir.resolve("in.jsonl"), lines);
        JobRun.Result whole = run("whole", rows, idColumn);

        CrashingStage.crash = true;
        assertThatThrownBy(() -> run("killed", rows, idColumn)).hasMessageContaining("crash asked for");
        CrashingStage.crash = false;
        JobRun.Result resumed = run("killed", rows, idColumn);
        assertThat(resumed.run().resumedFrom()).isNotEmpty();
        assertThat(resumed.run().rowsSkipped()).isBetween(1L, 59L);
        assertThat(rows("killed")).isEqualTo(rows("whole"));
        assertThat(resumed.meter().plus(resumed.inherited()).lengths())
                .isEqualTo(whole.meter().lengths());
        assertThat(resumed.run().lengths()).isEqualTo(whole.run().lengths());
        assertThat(Jobs.verify(spark, dir.resolve("killed").toString(), true).problems())
                .isEmpty();
    }

    private static String text(String word, int i) {
        return word.repeat(1 + i % 7) + i;
    }

    /** So that other tasks have finished before it crashes. */
    private int documentOfTheLastTask(String idColumn) {
        String key = idColumn.isEmpty()
                ? "substring(sha2(concat(repeat('crash ', 1 + id % 7), id), 256), 1, 32)"
                : "string(id)";
        return (int) spark.range(60)
                .filter("pmod(hash(" + key + "), " + TASKS + ") = " + (TASKS - 1))
                .first()
                .longValue();
    }

    private JobRun.Result run(String output, RowUnit rows, String idColumn) {
        Configuration conf = new Configuration();
        TokenizeOptions options = new TokenizeOptions(
                rows, rows == RowUnit.DOCUMENT ? 0 : 8, 0, true, false, false, "auto", Remainder.KEEP, 1 << 20);
        IntakeOptions intake = new IntakeOptions(
                List.of(dir.resolve("in.jsonl").toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                idColumn,
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                TASKS);
        return new JobRun(
                        spark,
                        "tokenize",
                        new CrashingStage(TokenizeStage.of(List.of(BERT), options, conf)),
                        new OutputOptions(
                                dir.resolve(output).toString(), RunMode.RESUME, 0, List.of(), OutputFormat.PARQUET),
                        intake,
                        new Manifest.Model(BERT.name(), BERT.uri(), BERT.sha256()),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        spark.sparkContext().longAccumulator(),
                        spark.sparkContext().longAccumulator())
                .run(new Intake(spark, intake)::documents);
    }

    private List<String> rows(String output) {
        return spark.read().parquet(dir.resolve(output).toString()).toJSON().collectAsList().stream()
                .sorted()
                .toList();
    }
}
