package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.config.Job;
import io.textloom.config.ResolvedSettings;
import io.textloom.spark.intake.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    private static final String STEPS = """
            idColumn = key
            steps = [
              {job = tokenize, input = in, output = out/tokens}
              {name = vectors, job = embed, input = in, output = out/vectors, embed.maxTokens = 64}
              {job = verify, output = out/vectors}
            ]
            """;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeRunner runner = new FakeRunner();

    @Test
    void stepsRunInTheirOrderInOneSession() throws IOException {
        assertThat(execute("run", file(STEPS))).isZero();

        assertThat(runner.asked).extracting(ResolvedSettings::job).containsExactly(Job.TOKENIZE, Job.EMBED, Job.VERIFY);
        assertThat(runner.asked.get(0).text("idColumn")).isEqualTo("key");
        assertThat(runner.asked.get(1).integer("embed.maxTokens")).isEqualTo(64);
        assertThat(runner.sessions).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("step 2 of 3, vectors (embed)");
        assertThat(out.toString(UTF_8)).contains("vectors   embed     0").contains("all is well");
    }

    @Test
    void theFirstStepThatFailsEndsTheRun() throws IOException {
        runner.failure = new InputException("in does not exist; correct --input");
        runner.sound = 1;
        Path report = directory.resolve("report.json");

        assertThat(execute("run", file(STEPS), "--json", "--report", report.toString()))
                .isEqualTo(3);

        assertThat(runner.asked).hasSize(2);
        assertThat(err.toString(UTF_8)).contains("textloom: in does not exist");
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertThat(json).isEqualTo(new ObjectMapper().readTree(report.toFile()));
        JsonNode steps = json.get("steps");
        assertThat(steps.get(0).get("report").get("rowsIn").asLong()).isEqualTo(1200);
        assertThat(steps.get(1).get("exitCode").asInt()).isEqualTo(3);
        assertThat(steps.get(2).get("outcome").asText()).isEqualTo("not run");
    }

    @Test
    void moreBadRowsThanAllowedEndTheRunToo() throws IOException {
        runner.report = Reports.embed(true);
        assertThat(execute("run", file(STEPS))).isEqualTo(4);
        assertThat(runner.asked).hasSize(1);
        assertThat(err.toString(UTF_8)).contains("more than maxErrorRatio");
    }

    @Test
    void someStepsCanBeChosen() throws IOException {
        assertThat(execute("run", file(STEPS), "--from", "vectors", "--until", "vectors"))
                .isZero();
        assertThat(runner.asked).extracting(ResolvedSettings::job).containsExactly(Job.EMBED);

        assertThat(execute("run", file(STEPS), "--from", "vector")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("did you mean vectors?");
        assertThat(execute("run", file(STEPS), "--from", "verify", "--until", "tokenize"))
                .isEqualTo(2);
    }

    @Test
    void everyStepIsCheckedBeforeTheFirstRuns() throws IOException {
        String wrong = STEPS.replace("embed.maxTokens = 64", "limit = -1");
        assertThat(execute("run", file(wrong))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("Step vectors: ");
        assertThat(execute("run", file(STEPS.replace("job = verify,", "job = verify, master = \"local[3]\","))))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("they run in one session");
        assertThat(runner.asked).isEmpty();
        assertThat(runner.sessions).isZero();
    }

    @Test
    void assignmentsReachTheStepsWhoseJobsHaveThem() throws IOException {
        assertThat(execute("run", file(STEPS), "--set", "limit=5")).isZero();
        assertThat(runner.asked.get(0).longInteger("limit")).isEqualTo(5);
        assertThat(runner.asked.get(1).longInteger("limit")).isEqualTo(5);

        assertThat(execute("run", file(STEPS), "--set", "generate.seed=5")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("a setting of none of the steps");
    }

    @Test
    void aTrainingThatEndedIsNotRepeated() throws IOException {
        String train = "steps = [{job = train, train.task = tokenizer, input = in, output = \""
                + directory.resolve("tokenizer") + "\"}]";
        assertThat(execute("run", file(train))).isZero();
        assertThat(runner.asked).hasSize(1);
        Map<String, String> settings = runner.asked.get(0).asMap();
        Path meta = Files.createDirectories(directory.resolve("tokenizer/_textloom"));
        record(meta, settings, 3);

        assertThat(execute("run", file(train))).isZero();
        assertThat(runner.asked).hasSize(1);
        assertThat(out.toString(UTF_8)).contains("was trained earlier");
        assertThat(execute("run", file(train), "--set", "train.vocabSize=500")).isZero();
        assertThat(runner.asked).hasSize(2);
        assertThat(execute("run", file(train), "--set", "mode=overwrite")).isZero();
        assertThat(runner.asked).hasSize(3);

        record(meta, settings, 300);
        assertThat(execute("run", file(train))).as("as the first time").isEqualTo(4);
    }

    private static void record(Path meta, Map<String, String> settings, long rejected) throws IOException {
        Map<String, Object> record = Map.of(
                "formatVersion",
                1,
                "task",
                "tokenizer",
                "settings",
                settings,
                "counts",
                Map.of("rowsIn", 1200L, "rowsRejected", rejected));
        new ObjectMapper().writeValue(meta.resolve("training.json").toFile(), record);
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("steps.conf"), text).toString();
    }

    private int execute(String... arguments) {
        PrintStream o = new PrintStream(out, true, UTF_8);
        PrintStream e = new PrintStream(err, true, UTF_8);
        return new Main(new Console(o, e, Map.of(), false), runner)
                .execute(List.of(arguments).toArray(String[]::new));
    }
}
