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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several jobs of one file, on Spark. */
class RunIT {
    @TempDir
    Path directory;

    @Test
    void aRunGoesOnAtTheStepThatFailed() throws IOException {
        Files.writeString(
                directory.resolve("a.jsonl"),
                "{\"id\": \"1\", \"text\": \"one\"}\n{\"id\": \"2\", \"text\": \"two\"}\n");
        Path file = Files.writeString(directory.resolve("steps.conf"), """
                master = "local[2]"
                idColumn = id
                steps = [
                  {name = words, job = train, train.task = tokenizer, train.type = wordpiece, train.vocabSize = 40
                   input = "DIR/a.jsonl", output = "DIR/words", mode = fail}
                  {name = tokens, job = tokenize, input = "DIR/a.jsonl", output = "DIR/tokens", model = "DIR/words"}
                  {name = vectors, job = embed, input = "DIR/b.jsonl", output = "DIR/vectors"}
                  {name = check, job = verify, output = "DIR/vectors", verify.readInput = true}
                ]
                """.replace("DIR", directory.toString()));

        JsonNode first = run(3, file);
        assertThat(outcomes(first))
                .satisfiesExactly(
                        words -> assertThat(words).isEqualTo("trained on 2 rows, 0 rejected"),
                        tokens -> assertThat(tokens).isEqualTo("2 rows out, 0 rejected, 0 already done"),
                        vectors -> assertThat(vectors).contains("b.jsonl"),
                        check -> assertThat(check).isEqualTo("not run"));

        Files.writeString(directory.resolve("b.jsonl"), "{\"id\": \"3\", \"text\": \"three\"}\n");
        JsonNode second = run(0, file);
        assertThat(outcomes(second))
                .containsExactly(
                        "was trained earlier with the same settings; mode=overwrite trains anew",
                        "0 rows out, 0 rejected, 2 already done",
                        "1 rows out, 0 rejected, 0 already done",
                        "all is well");
    }

    private static List<String> outcomes(JsonNode report) {
        return report.get("steps").findValuesAsText("outcome");
    }

    private JsonNode run(int exit, Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), false);
        int code = new Main(console, new SparkJobRunner(console)).execute("run", file.toString(), "--json");
        assertThat(code).as(out.toString(UTF_8) + err.toString(UTF_8)).isEqualTo(exit);
        return new ObjectMapper().readTree(out.toString(UTF_8));
    }
}
