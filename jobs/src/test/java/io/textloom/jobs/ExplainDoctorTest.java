package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.config.Job;
import io.textloom.jobs.doctor.Check;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.jobs.doctor.Finding;
import io.textloom.spark.plan.Estimate;
import io.textloom.spark.plan.Plan;
import io.textloom.spark.plan.ResumePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What --explain and doctor print, and how they end. */
class ExplainDoctorTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeRunner runner = new FakeRunner();

    @Test
    void anExplainedJobPrintsItsPlanAndIsNotRun() {
        runner.plan = plan("");
        assertThat(execute("embed", "--input", "a", "--output", "o", "--explain", "--max-tokens", "7"))
                .isZero();

        assertThat(runner.asked).hasSize(1);
        assertThat(out.toString(UTF_8))
                .contains("nothing was run or written", "embed.maxTokens = 7  (--max-tokens)")
                .contains("about 1,000 (900 to 1,100)", "100 rows of 4 places, 10.0% of the input")
                .contains("MISSING_TEXT 5", "2.5 s, 2 tasks at once", "about 20.0 s (16.0 s to 24.0 s)")
                .contains("a note");
    }

    @Test
    void plansAndFindingsHoldNoSecrets() {
        for (String format : List.of("--verbose", "--json")) {
            runner.plan = plan("");
            execute("embed", "--input", "s3a://key:hunter2@bucket/x", "--output", "o?sig=hunter2", "--explain", format);
            runner.checkup = Checkup.of(List.of(
                    check("input", Finding.failed("files", "s3a://key:hunter2@bucket/x: no such bucket", "", "look"))));
            execute("doctor", format);
        }
        assertThat(out.toString(UTF_8))
                .contains("s3a://***@bucket/x", "o?sig=***", "no such bucket")
                .doesNotContain("hunter2");
    }

    @Test
    void aRefusedResumeSaysWhatDiffers() {
        runner.plan = plan("the output was made with other settings");
        execute("embed", "--input", "a", "--output", "o", "--explain");

        assertThat(out.toString(UTF_8))
                .contains("would be refused: the output was made with other settings: embed.maxTokens (1, now 2)");
    }

    @Test
    void aPlanAsJsonHasEverySettingWithItsOrigin() throws IOException {
        runner.plan = plan("");
        execute("embed", "--input", "a", "--output", "o", "--explain", "--json");

        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertThat(json.get("explained").asBoolean()).isTrue();
        assertThat(json.get("rows").get("low").asDouble()).isEqualTo(900);
        assertThat(json.get("measured").get("tasks").asInt()).isEqualTo(2);
        assertThat(json.get("settings"))
                .anySatisfy(s -> assertThat(s.get("place").asText()).isEqualTo("--output"))
                .anySatisfy(s -> assertThat(s.get("level").asText()).isEqualTo("default"));
    }

    @Test
    void aScoreJobsOptionsAreCheckedBeforeSparkStarts() {
        String[] choices = {"score", "--input", "a", "--output", "o", "--model", "m", "--task", "choices"};
        assertThat(execute(choices)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("score.choices");

        assertThat(execute("score", "--input", "a", "--output", "o", "--model", "m", "--stride", "-2"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("score.stride");
        assertThat(runner.asked).isEmpty();
    }

    @Test
    void theDoctorEndsWithFiveIfSomethingFailed() throws IOException {
        Check good = check("good", Finding.ok("a thing", "is there"));
        Check doubtful = check("doubtful", Finding.warning("b thing", "is old", "a new one", "renew it"));
        runner.checkup = Checkup.of(List.of(good, doubtful));
        assertThat(execute("doctor")).isZero();
        assertThat(out.toString(UTF_8))
                .contains("ok      a thing  is there", "warning b thing  is old", "expected: a new one")
                .contains("remedy: renew it", "1 ok, 1 warnings, 0 failed");

        runner.checkup = Checkup.of(List.of(good, check("bad", Finding.failed("c", "broken", "whole", "mend it"))));
        out.reset();
        assertThat(execute("doctor", "--json", "--output", "o")).isEqualTo(5);
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertThat(json.get("ok").asBoolean()).isFalse();
        assertThat(json.get("findings").get(1).get("remedy").asText()).isEqualTo("mend it");
        assertThat(runner.asked.get(1).job()).isEqualTo(Job.DOCTOR);

        assertThat(execute("doctor", "--max-tokens", "3")).isEqualTo(2);
        assertThat(execute("doctor", "--device", "toaster")).isEqualTo(2);
    }

    @Test
    void aCheckThatThrowsIsAFailedFinding() {
        Check broken = new Check() {
            @Override
            public String part() {
                return "broken";
            }

            @Override
            public List<Finding> look() {
                throw new IllegalStateException("no luck\nat all");
            }
        };
        Checkup checkup = Checkup.of(List.of(broken, check("good", Finding.ok("x", "y"))));

        assertThat(checkup.sound()).isFalse();
        assertThat(checkup.entries()).hasSize(2);
        assertThat(checkup.entries().get(0).finding().found()).isEqualTo("no luck");
    }

    private static Check check(String part, Finding finding) {
        return new Check() {
            @Override
            public String part() {
                return part;
            }

            @Override
            public List<Finding> look() {
                return List.of(finding);
            }
        };
    }

    private static Plan plan(String refusal) {
        TreeMap<String, Long> faults = new TreeMap<>();
        faults.put("MISSING_TEXT", 5L);
        return new Plan(
                "embed",
                "o",
                List.of(),
                1 << 20,
                new Plan.Input(List.of("a"), "jsonl", 3, 12345),
                new ResumePlan("resume", "embed", 40, 2, false, List.of("embed.maxTokens (1, now 2)"), refusal, 0.4),
                8,
                2,
                new Plan.Sample(100, 0.1, 4, faults, 12.5, 10, 30, 90),
                new Estimate(1000, 900, 1100),
                new Estimate(12500, 11000, 14000),
                new Plan.Run(64, 64, 0, 3, 800, 2, 2.5, 0.5, 25.6, 320),
                new Estimate(570, 510, 630),
                new Estimate(570, 510, 630),
                new Estimate(1e6, 9e5, 1.1e6),
                new Estimate(20, 16, 24),
                List.of("a note"));
    }

    private int execute(String... args) {
        Console console = new Console(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), new HashMap<>(), false);
        return new Main(console, runner).execute(args);
    }
}
