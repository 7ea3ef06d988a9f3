package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.generate.BeamOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.SamplingOptions;
import io.textloom.generate.TestOptions;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From rows to committed completions: stop strings, characters of several tokens, constraints, and rows that cannot be completed. */
@Timeout(300)
class GenerateJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA = """
            {"type": "object", "required": ["name", "kind", "coins", "friends"], "additionalProperties": false,
             "properties": {
               "name": {"type": "string", "minLength": 1, "maxLength": 12},
               "kind": {"enum": ["king", "fox", "witch"]},
               "coins": {"type": "integer", "minimum": 0, "maximum": 900},
               "friends": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 8}},
               "home": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 10}]}}}""";

    @TempDir
    static Path models;

    private static String tiny;

    @TempDir
    Path dir;

    @BeforeAll
    static void writeModel() throws IOException {
        tiny = TinyGpt.write(models.resolve("tiny")).toString();
    }

    @Test
    void stopStringsAreFoundWhereverTokensEnd() throws IOException {
        write("in.jsonl", "Once upon a time there was a poor woodcutter", "The old king had three sons");
        run("storyteller", "in.jsonl", "free", greedy(48));
        Map<String, String> free = completions("free");
        int within = 0;
        for (int from : new int[] {3, 11, 20}) {
            Map<String, String> stops = new TreeMap<>();
            free.forEach((id, text) -> stops.put(id, text.substring(from, from + 7)));
            GenerateOptions stopping =
                    TestOptions.of(48, 0, 0, 1, 7, 1, List.copyOf(stops.values()), LongPrompts.TRUNCATE, 4);
            run("storyteller", "in.jsonl", "stop" + from, stopping);
            Map<String, String> stopped = completions("stop" + from);
            for (Map.Entry<String, String> row : free.entrySet()) {
                String text = row.getValue();
                int first = stops.values().stream()
                        .mapToInt(text::indexOf)
                        .filter(at -> at >= 0)
                        .min()
                        .orElseThrow();
                assertThat(stopped).containsEntry(row.getKey(), text.substring(0, first));
                within += Character.isLetter(text.charAt(first)) ? 1 : 0;
            }
            assertThat(column("stop" + from, "finish_reason").values()).containsOnly("stop");
        }
        assertThat(within).as("stops that begin inside of words").isPositive();
    }

    @Test
    void charactersOfSeveralTokensAreWhole() throws IOException {
        String bytes = TinyGpt.writeOfBytes(dir.resolve("bytes")).toString();
        write("in.jsonl", "狐狸 and 🦊", "山 🏔️ é", "Once upon a time");
        String said = "🦊 狐狸说：你好，世界 👩‍👩‍👧";
        run(bytes, "in.jsonl", "chosen", constrained(80, List.of(said), "", ""));
        assertThat(completions("chosen").values()).hasSize(3).containsOnly(said);
        assertThat(column("chosen", "prompt").values()).containsExactly("狐狸 and 🦊", "山 🏔️ é", "Once upon a time");
        // a token of two bytes lies across the border of 狐 and 狸
        assertThat(column("chosen", "n_prompt_tokens"))
                .containsEntry("0", String.valueOf("狐狸 and 🦊".getBytes(StandardCharsets.UTF_8).length - 1));
        assertThat(column("chosen", "n_completion_tokens").values())
                .allMatch(n -> Integer.parseInt(n) > 2 * said.codePointCount(0, said.length()));

        run(bytes, "in.jsonl", "pattern", constrained(80, List.of(), "[一-龥]{6}[😀-😏]{2}", ""));
        assertThat(completions("pattern").values())
                .hasSize(3)
                .allMatch(t -> t.matches("[一-龥]{6}[\\x{1F600}-\\x{1F60F}]{2}"));

        for (String stop : List.of("狸说", "狐狸", "好，世界", "🦊 狐", "👧")) {
            String name = "stop" + said.indexOf(stop);
            GenerateOptions stopping = TestOptions.of(80, 0, 0, 1, 7, 1, List.of(stop), LongPrompts.TRUNCATE, 4);
            run(bytes, "in.jsonl", name, with(stopping, new ConstraintOptions(List.of(said), "", "")));
            assertThat(completions(name).values()).hasSize(3).containsOnly(said.substring(0, said.indexOf(stop)));
            assertThat(column(name, "finish_reason").values()).containsOnly("stop");
        }

        run(bytes, "in.jsonl", "free", TestOptions.of(80, 1, 0, 1, 7, 20, List.of(), LongPrompts.TRUNCATE, 8));
        assertThat(Jobs.verify(LocalSpark.session(), out("free"), true).problems())
                .isEmpty();
    }

    @Test
    void completionsOfASchemaAreItsInstances() throws IOException {
        String[] prompts = new String[500];
        for (int i = 0; i < prompts.length; i++) {
            prompts[i] = "A person in the tale number " + i + " as JSON:";
        }
        write("in.jsonl", prompts);
        JsonSchema judge =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SCHEMA);
        JobReport report = run(tiny, "in.jsonl", "schema", constrained(96, List.of(), "", SCHEMA));
        assertThat(report.rowsOut()).isEqualTo(500);
        Map<String, String> completions = completions("schema");
        for (String completion : completions.values()) {
            assertThat(judge.validate(JSON.readTree(completion))).as(completion).isEmpty();
        }
        assertThat(completions.values().stream().distinct().count()).isGreaterThan(400);
        assertThat(column("schema", "finish_reason").values()).containsOnly("stop");
    }

    @Test
    void aSchemaMayStandInAFile() throws IOException {
        write("in.jsonl", "Once", "Twice");
        Path file = Files.writeString(
                dir.resolve("schema.json"), "{\"type\": \"integer\", \"minimum\": 5, \"maximum\": 17}\n");
        run(tiny, "in.jsonl", "file", constrained(8, List.of(), "", file.toString()));
        assertThat(completions("file").values())
                .hasSize(2)
                .allMatch(t -> Integer.parseInt(t) >= 5 && Integer.parseInt(t) <= 17);
        JsonNode manifest =
                JSON.readTree(dir.resolve("file/_textloom/manifest.json").toFile());
        assertThat(manifest.get("settings").get("generate.jsonSchema").asText()).contains("\"minimum\": 5");
    }

    @Test
    void constraintsThatNoTextMeetsAreRefusedBeforeARowIsRead() throws IOException {
        write("in.jsonl", "Once");
        assertRefused(
                constrained(8, List.of(), "", "{\"type\": \"integer\", \"minimum\": 5, \"maximum\": 4}"),
                "is impossible");
        assertRefused(constrained(8, List.of(), "", "{\"type\":"), "jsonSchema");
        assertRefused(
                constrained(8, List.of(), "", "none.json"), "generate.jsonSchema is none.json, which cannot be read");
        assertRefused(constrained(8, List.of(), "(a", ""), "generate.regex");
        assertRefused(constrained(8, List.of(), "a{600}", ""), "generate.maxNewTokens is 8 but the shortest text");
        assertRefused(greedy(1_000_000), "has a context of 512 tokens");
        assertThat(dir.resolve("refused")).doesNotExist();
    }

    @Test
    void rowsThatCannotBeCompletedGoToTheErrorTable() throws IOException {
        write("in.jsonl", "Once upon a time", "", " \t ", "long ".repeat(300), "The king");
        JobReport cut = run(tiny, "in.jsonl", "cut", greedy(16));
        assertThat(cut.rejectedByCode()).isEqualTo(Map.of("EMPTY_TEXT", 2L));
        assertThat(cut.truncatedRows()).isEqualTo(1);
        assertThat(column("cut", "n_prompt_tokens")).containsEntry("3", String.valueOf(TinyGpt.POSITIONS - 16));
        assertThat(Integer.parseInt(column("cut", "n_dropped").get("3"))).isEqualTo((int) cut.droppedTokens());
        assertThat(column("cut", "truncated")).containsEntry("0", "false").containsEntry("3", "true");

        GenerateOptions strict = TestOptions.of(16, 0, 0, 1, 7, 1, List.of(), LongPrompts.ERROR, 4);
        JobReport refused = run(tiny, "in.jsonl", "strict", strict);
        assertThat(refused.rejectedByCode()).isEqualTo(Map.of("EMPTY_TEXT", 2L, "TOO_LONG", 1L));
        assertThat(completions("strict").keySet()).containsExactly("0", "4");
        assertThat(Jobs.verify(LocalSpark.session(), out("strict"), true).problems())
                .isEmpty();
    }

    @Test
    void beamsThatFindFewerTextsThanAskedForMakeWholeRows() throws IOException {
        String bytes = TinyGpt.writeOfBytes(dir.resolve("bytes")).toString();
        write("in.jsonl", "Once upon a time", "The king");
        GenerateOptions options = beams(4, constrained(8, List.of("yes", "no"), "", ""));
        JobReport report = run(bytes, "in.jsonl", "beams", options, RunMode.RESUME);
        assertThat(report.documentsOut()).isEqualTo(2);
        assertThat(report.rowsOut()).isEqualTo(4);
        for (Row row : LocalSpark.session().read().parquet(out("beams")).collectAsList()) {
            assertThat(row.<String>getAs("completion")).isIn("yes", "no");
        }
        assertThat(run(bytes, "in.jsonl", "beams", options, RunMode.RESUME).rowsSkipped())
                .isEqualTo(2);
        assertThat(LocalSpark.session().read().parquet(out("beams")).count()).isEqualTo(4);
        assertThat(Jobs.verify(LocalSpark.session(), out("beams"), true).problems())
                .isEmpty();
    }

    /** Beam search over so many, all of which are given. */
    private static GenerateOptions beams(int count, GenerateOptions options) {
        SamplingOptions s = options.sampling();
        SamplingOptions all = new SamplingOptions(
                s.maxNewTokens(),
                0,
                0,
                0,
                1,
                0,
                s.penalties(),
                s.logitBias(),
                s.stop(),
                s.stopTokens(),
                count,
                0,
                new BeamOptions(count, 1, false),
                -1,
                s.constraint(),
                0);
        return new GenerateOptions(all, "", options.longPrompts(), options.engine());
    }

    private void assertRefused(GenerateOptions options, String message) {
        assertThatThrownBy(() -> run("storyteller", "in.jsonl", "refused", options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static GenerateOptions greedy(int maxNewTokens) {
        return TestOptions.of(maxNewTokens, 0, 0, 1, 7, 1, List.of(), LongPrompts.TRUNCATE, 4);
    }

    private static GenerateOptions constrained(int maxNewTokens, List<String> choices, String regex, String schema) {
        GenerateOptions sampling = TestOptions.of(maxNewTokens, 1, 0, 1, 7, 1, List.of(), LongPrompts.TRUNCATE, 8);
        return with(sampling, new ConstraintOptions(choices, regex, schema));
    }

    private static GenerateOptions with(GenerateOptions options, ConstraintOptions constraint) {
        return new GenerateOptions(
                options.sampling().withConstraint(constraint), "", options.longPrompts(), options.engine());
    }

    private JobReport run(String model, String input, String name, GenerateOptions options) {
        return run(model, input, name, options, RunMode.FAIL);
    }

    private JobReport run(String model, String input, String name, GenerateOptions options, RunMode mode) {
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
                2);
        OutputOptions output = new OutputOptions(out(name), mode, 1, List.of(), OutputFormat.PARQUET);
        return Jobs.generate(
                new JobContext(LocalSpark.session(), model, intake, output, new TreeMap<>(), Progress.SILENT), options);
    }

    private Map<String, String> completions(String name) {
        return column(name, "completion");
    }

    private Map<String, String> column(String name, String column) {
        Map<String, String> values = new TreeMap<>();
        for (Row row : LocalSpark.session().read().parquet(out(name)).collectAsList()) {
            values.put(row.getAs("id"), String.valueOf(row.<Object>getAs(column)));
        }
        return values;
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }

    /** Rows with their numbers as ids. */
    private void write(String name, String... texts) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            lines.add(JSON.createObjectNode()
                    .put("id", String.valueOf(i))
                    .put("text", texts[i])
                    .toString());
        }
        Files.write(dir.resolve(name), lines);
    }
}
