package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} and {@code --explain} on a Spark of this JVM: what they look at is left as it was. */
class DoctorIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CORPUS =
            Path.of("..", "scripts", "sample", "corpus.jsonl").toString();

    @TempDir
    Path dir;

    private record Ran(int exit, String out, String err) {}

    @Test
    void everythingIsWellHere() throws IOException {
        Path output = dir.resolve("out");
        Ran ran =
                execute("doctor", "--input", CORPUS, "--output", output.toString(), "--model", "storyteller", "--json");

        JsonNode json = JSON.readTree(ran.out());
        assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
        assertThat(json.get("failed").asInt()).isZero();
        Set<String> parts = new HashSet<>();
        json.get("findings").forEach(f -> parts.add(f.get("part").asText()));
        assertThat(parts)
                .containsExactlyInAnyOrder(
                        "java",
                        "system",
                        "disk",
                        "native",
                        "gpu",
                        "spark",
                        "hadoop",
                        "input",
                        "output",
                        "model",
                        "executors");
        assertThat(json.get("findings"))
                .anyMatch(f -> f.get("what").asText().contains("driver on")
                        && f.get("found").asText().startsWith("one line continued"));
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatIsMissingIsToldAllAtOnce() {
        Ran ran = execute(
                "doctor",
                "--input",
                dir.resolve("none.jsonl").toString(),
                "--output",
                "nofs://host/out",
                "--model",
                dir.resolve("no-model").toString());

        assertThat(ran.exit()).isEqualTo(5);
        assertThat(ran.out())
                .contains("nothing there on", "remedy: correct --input")
                .contains("nofs")
                .contains("There is no model folder");
        assertThat(ran.out()).contains(" failed").doesNotContain(" 0 failed");
    }

    @Test
    void anExplainedJobLeavesNothingBehindAndAgreesWithTheRun() throws IOException {
        Path output = dir.resolve("out");
        String[] job = {
            "tokenize", "--input", CORPUS, "--output", output.toString(), "--id-column", "id", "--max-error-ratio", "1"
        };
        Ran explained = execute(with(job, "--explain", "--json"));
        assertThat(explained.exit()).as(explained.err()).isZero();
        assertThat(output).doesNotExist();
        JsonNode plan = JSON.readTree(explained.out());

        JsonNode report = JSON.readTree(execute(with(job, "--json")).out());
        assertThat(plan.get("rows").get("value").asLong())
                .isEqualTo(report.get("rowsIn").asLong());
        assertThat(plan.get("tokens").get("value").asLong())
                .isEqualTo(report.get("tokens").asLong());

        Ran again = execute(with(job, "--explain"));
        assertThat(again.out()).contains("100.0% of the sample is done already");
        assertThat(execute(with(job, "--explain", "--max-tokens", "7")).out())
                .contains("would be refused", "tokenize.maxTokens (0, now 7)");
    }

    private static String[] with(String[] job, String... more) {
        String[] all = java.util.Arrays.copyOf(job, job.length + more.length);
        System.arraycopy(more, 0, all, job.length, more.length);
        return all;
    }

    private static Ran execute(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), false);
        int exit = new Main(console, new SparkJobRunner(console)).execute(arguments);
        return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
    }
}
