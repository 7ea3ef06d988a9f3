package io.textloom.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.Progress;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.BadFiles;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LimitOptions;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a run writes holds what opens something. */
class SecretsTest {
    private static final String SECRET = "hunter2";

    @TempDir
    Path dir;

    /** The session is shared. */
    @AfterEach
    void forgetSettings() {
        Configuration conf = LocalSpark.session().sparkContext().hadoopConfiguration();
        List.of("fs.s3a.secret.key", "fs.s3a.access.key").forEach(conf::unset);
    }

    @Test
    void manifestFootersAndReportHoldNone() throws IOException {
        Configuration conf = LocalSpark.session().sparkContext().hadoopConfiguration();
        conf.set("fs.s3a.secret.key", SECRET);
        conf.set("fs.s3a.access.key", SECRET);
        String input = dir.resolve("in.jsonl?sig=" + SECRET).toString();
        Files.writeString(Path.of(input), "{\"text\": \"one\"}\n");
        Path out = dir.resolve("out");
        JobReport report = run(input, out, RunMode.FAIL);
        assertThat(report.toString()).doesNotContain(SECRET);
        assertHoldsNone(out);
        assertThat(Files.readString(out.resolve("_textloom/manifest.json")))
                .contains("in.jsonl?sig=***")
                .contains("\"hub.token\" : \"***\"");
        assertThat(run(input, out, RunMode.RESUME).rowsSkipped())
                .as("the same settings with their secrets are the same settings")
                .isEqualTo(1);
        VerifyReport verified = Jobs.verify(LocalSpark.session(), out.toString(), true);
        assertThat(verified.problems()).isEmpty();
        assertThat(verified.unchecked()).singleElement().asString().contains("credentials");
    }

    @Test
    void errorsOfDamagedFilesHoldNone() throws IOException {
        Path out = dir.resolve("out");
        Path input = dir.resolve("in?sig=" + SECRET);
        Files.createDirectories(input);
        Files.writeString(input.resolve("good.jsonl"), "{\"text\": \"one\"}\n");
        Files.write(input.resolve("damaged.jsonl.gz"), new byte[] {31, (byte) 139, 8, 0, 0});
        assertThatThrownBy(() -> run(input.toString(), out, RunMode.RESUME))
                .hasMessageContaining("in?sig=***")
                .message()
                .doesNotContain(SECRET);
        JobReport report = run(input.toString(), out, RunMode.RESUME, BadFiles.QUARANTINE);
        assertThat(report.rejectedByCode()).containsEntry("UNREADABLE_FILE", 1L);
        assertHoldsNone(out);
    }

    private static void assertHoldsNone(Path out) throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
    }

    private static JobReport run(String input, Path out, RunMode mode) {
        return run(input, out, mode, BadFiles.FAIL);
    }

    private static JobReport run(String input, Path out, RunMode mode, BadFiles badFiles) {
        IntakeOptions intake = new IntakeOptions(
                List.of(input),
                InputFormat.JSONL,
                DocumentUnit.LINE,
                "text",
                "",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                1,
                new LimitOptions(badFiles, LimitOptions.DEFAULT.maxRowBytes()));
        return Jobs.tokenize(
                new JobContext(
                        LocalSpark.session(),
                        "storyteller",
                        intake,
                        new OutputOptions(out.toString(), mode, 1, List.of(), OutputFormat.PARQUET),
                        new TreeMap<>(
                                Map.of("input", "[\"" + input + "\"]", "hub.token", SECRET, "tokenize.apiKey", SECRET)),
                        Progress.SILENT),
                new TokenizeOptions(0, true));
    }
}
