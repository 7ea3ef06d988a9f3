package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.prompt.ChatUse;
import io.textloom.prompt.ExampleChoice;
import io.textloom.prompt.ExampleOptions;
import io.textloom.prompt.PromptOptions;
import io.textloom.prompt.SpecialTexts;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.DeviceOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From columns to completions: the generate job with templates, chats and examples. */
class PromptJobTest {
    private static final GenerateOptions SHORT = TestOptions.of(4, 0, 0, 1, 7, 1, List.of(), LongPrompts.TRUNCATE, 4);

    @TempDir
    Path dir;

    @BeforeEach
    void writeInput() throws IOException {
        write(
                "in.jsonl",
                "{\"id\": \"a\", \"question\": \"Who?\", \"facts\": [\"one\", \"two\"], \"n\": 3, \"who\": {\"name\": \"Ann\"}}",
                "{\"id\": \"b\", \"question\": \"What?\", \"facts\": [], \"n\": 4, \"who\": {\"name\": \"Bo\"}}",
                "{\"id\": \"c\", \"question\": null, \"facts\": [\"x\"], \"n\": 5, \"who\": {\"name\": \"Cy\"}}",
                "{\"id\": \"d\", \"question\": \"Why?\", \"facts\": [\"y\"], \"n\": 0, \"who\": {\"name\": \"Di\"}}");
        write(
                "examples.jsonl",
                "{\"text\": \"The dog ran over the hill.\", \"label\": \"dog\"}",
                "{\"text\": \"A cat slept in the sun.\", \"label\": \"cat\"}",
                "{\"text\": \"The king married the queen.\", \"label\": \"people\"}");
        write(
                "texts.jsonl",
                "{\"id\": \"k\", \"text\": \"The queen had a son, the prince.\"}",
                "{\"id\": \"c\", \"text\": \"A cat slept in the sun.\"}");
    }

    @Test
    void aTemplateReadsColumnsOfEveryTypeAndNeedsNoTextColumn() {
        String template = "{{ who.name }} ({{ n + 1 }}): {{ question }}{% for f in facts %} {{ f }};{% endfor %}";
        JobReport report = run("in.jsonl", "t", template(template));
        assertThat(prompts("t"))
                .containsOnly(
                        Map.entry("a", "Ann (4): Who? one; two;"),
                        Map.entry("b", "Bo (5): What?"),
                        Map.entry("d", "Di (1): Why? y;"));
        assertThat(report.rejectedByCode()).isEqualTo(Map.of("TEMPLATE_FAILED", 1L));
        assertThat(errors("t").get("c")).contains("line 1").contains("null");
        assertThat(LocalSpark.session().read().parquet(out("t")).columns()).doesNotContain("question", "who", "n");
        assertThat(Jobs.verify(LocalSpark.session(), out("t"), true).problems()).isEmpty();
    }

    @Test
    void aChangedColumnIsAChangedRow() throws IOException {
        run("in.jsonl", "r", template("{{ question | default('', true) }} {{ n }}"));
        String path = dir.resolve("in.jsonl").toString();
        Files.writeString(Path.of(path), Files.readString(Path.of(path)).replace("\"n\": 3", "\"n\": 33"));
        JobReport again = run("in.jsonl", "r", template("{{ question | default('', true) }} {{ n }}"));
        assertThat(again.rowsSkipped()).isEqualTo(3);
        assertThat(prompts("r")).containsEntry("a", "Who? 33").hasSize(4);
    }

    @Test
    void errorsOfATemplateAreFoundBeforeARowIsRead() {
        assertThatThrownBy(() -> run("in.jsonl", "e", template("{{ qestion }}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column qestion")
                .hasMessageContaining("Was question meant?");
        assertThatThrownBy(() -> run("in.jsonl", "e", template("{{ question }}\n{% if n %}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generate.template")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> run("in.jsonl", "e", template("nothing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reads no column");
        assertThatThrownBy(() -> run("texts.jsonl", "e", options("", ChatUse.TRUE, ExampleOptions.NONE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generate.chat is true");
    }

    @Test
    void rowsThatFailOrAreEmptyGoToTheErrorTable() {
        JobReport report = run("in.jsonl", "f", template("{% if n == 4 %} {% else %}{{ 12 // n }}{% endif %}"));
        assertThat(report.rejectedByCode()).isEqualTo(Map.of("EMPTY_TEXT", 1L, "TEMPLATE_FAILED", 1L));
        assertThat(errors("f").get("d")).contains("division or modulo by zero");
        assertThat(prompts("f").keySet()).containsExactly("a", "c");
    }

    @Test
    void nearestExamplesAreShownNearestLastAndNeverTheRowItself() {
        run("texts.jsonl", "n", options("", ChatUse.AUTO, examples(2, ExampleChoice.NEAREST)));
        assertThat(prompts("n").get("k"))
                .endsWith("Input: The king married the queen.\nOutput: people\n\n"
                        + "Input: The queen had a son, the prince.\nOutput:");
        assertThat(prompts("n").get("c"))
                .doesNotContain("Output: cat")
                .endsWith("Input: A cat slept in the sun.\nOutput:");
    }

    @Test
    void aTextThatSpellsASpecialTokenIsRejectedWithoutATemplate() throws IOException {
        write(
                "special.jsonl",
                "{\"id\": \"a\", \"text\": \"Once upon a time\"}",
                "{\"id\": \"b\", \"text\": \"Once <|endoftext|> upon\"}");
        PromptOptions d = PromptOptions.defaults();
        PromptOptions reject = new PromptOptions(
                "", "", "", d.chat(), "", List.of(), "", SpecialTexts.REJECT, d.cut(), "", "", ExampleOptions.NONE);
        JobReport report = run("special.jsonl", "s", reject);
        assertThat(report.rejectedByCode()).isEqualTo(Map.of("SPECIAL_TOKEN", 1L));
        assertThat(prompts("s")).isEqualTo(Map.of("a", "Once upon a time"));
        assertThat(errors("s").get("b")).contains("<|endoftext|>");
    }

    @Test
    void examplesAreComparedWithWhatTheTemplateReadsWhateverItsColumnsAreCalled() throws IOException {
        write(
                "asked.jsonl",
                "{\"id\": \"k\", \"question\": \"The queen had a son, the prince.\"}",
                "{\"id\": \"d\", \"question\": \"A hound ran up the mountain.\"}");
        String template = "{% for e in examples %}{{ e.label }};{% endfor %}";
        for (String read : List.of("{{ question }}", "{{ question | default('') }}")) {
            String name = "asked" + read.length();
            run("asked.jsonl", name, options(template + read, ChatUse.AUTO, examples(1, ExampleChoice.NEAREST)));
            assertThat(prompts(name).get("k")).startsWith("people;The queen");
            assertThat(prompts(name).get("d")).startsWith("dog;A hound");
        }
    }

    @Test
    void partitionsDoNotChangeRandomExamples() {
        PromptOptions options = options("", ChatUse.AUTO, examples(2, ExampleChoice.RANDOM));
        run("texts.jsonl", "x1", options);
        Jobs.generate(context("texts.jsonl", "x5", "storyteller", 5), SHORT, options, DeviceOptions.AUTO);
        assertThat(prompts("x5")).isEqualTo(prompts("x1")).hasSize(2);
    }

    @Test
    void aFolderWithAChatTemplateMakesMessages() throws IOException {
        Path model = dir.resolve("chatty");
        Files.createDirectory(model);
        try (var files = Files.list(Path.of("../../models/storyteller"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ eos_token }}");
        JobContext context = context("texts.jsonl", "c", model.toString(), 2);
        Jobs.generate(context, SHORT, options("", ChatUse.AUTO, examples(1, ExampleChoice.FIXED)), DeviceOptions.AUTO);
        assertThat(prompts("c").get("k"))
                .isEqualTo(
                        "<user>The dog ran over the hill.<assistant>dog<user>The queen had a son, the prince.<|endoftext|>");
    }

    @Test
    void whatTemplatesReadBesideTheRowsIsPartOfTheSettings() throws IOException {
        PromptOptions dated = new PromptOptions(
                "{{ strftime_now('%Y-%m-%d') }} {{ text }}",
                "",
                "",
                ChatUse.AUTO,
                "",
                List.of(),
                "",
                SpecialTexts.KEEP,
                PromptOptions.defaults().cut(),
                "",
                "",
                ExampleOptions.NONE);
        run("texts.jsonl", "today", dated);
        String day = settings("today").get("generate.date").asText();
        assertThat(prompts("today").get("k")).startsWith(day + " ");
        run("texts.jsonl", "plain", template("{{ text }}"));
        assertThat(settings("plain").has("generate.date")).isFalse();

        run("texts.jsonl", "shots", options("", ChatUse.AUTO, examples(2, ExampleChoice.NEAREST)));
        String before = settings("shots").get("generate.examples.sha256").asText();
        assertThat(before).matches("[0-9a-f]{64}");
        assertThat(settings("shots").get("generate.exampleModel.sha256").asText())
                .matches("[0-9a-f]{64}");
        Path examples = dir.resolve("examples.jsonl");
        Files.writeString(examples, Files.readString(examples).replace("people", "folk"));
        assertThatThrownBy(() ->
                        run("texts.jsonl", "shots", options("", ChatUse.AUTO, examples(2, ExampleChoice.NEAREST))))
                .hasMessageContaining("generate.examples.sha256 (" + before);
    }

    private JsonNode settings(String name) throws IOException {
        return new ObjectMapper()
                .readTree(dir.resolve(name + "/_textloom/manifest.json").toFile())
                .get("settings");
    }

    private PromptOptions template(String template) {
        return options(template, ChatUse.AUTO, ExampleOptions.NONE);
    }

    private ExampleOptions examples(int shots, ExampleChoice choice) {
        return new ExampleOptions(dir.resolve("examples.jsonl").toString(), shots, choice, "all-MiniLM-L6-v2", "label");
    }

    private static PromptOptions options(String template, ChatUse chat, ExampleOptions examples) {
        PromptOptions d = PromptOptions.defaults();
        return new PromptOptions(
                template, "", "", chat, "", List.of(), "", d.specialTexts(), d.cut(), "", "2026-03-05", examples);
    }

    private JobReport run(String input, String name, PromptOptions prompts) {
        return Jobs.generate(context(input, name, "storyteller", 2), SHORT, prompts, DeviceOptions.AUTO);
    }

    private JobContext context(String input, String name, String model, int partitions) {
        return new JobContext(
                LocalSpark.session(),
                model,
                new IntakeOptions(
                        List.of(dir.resolve(input).toString()),
                        InputFormat.AUTO,
                        DocumentUnit.LINE,
                        "text",
                        "id",
                        DuplicateIds.ERROR,
                        List.of(),
                        "",
                        0,
                        partitions),
                new OutputOptions(out(name), RunMode.RESUME, 1, List.of(), OutputFormat.PARQUET),
                new TreeMap<>(),
                Progress.SILENT);
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }

    private Map<String, String> prompts(String name) {
        Map<String, String> prompts = new TreeMap<>();
        for (Row row : LocalSpark.session()
                .read()
                .parquet(out(name))
                .select("id", "prompt")
                .collectAsList()) {
            prompts.put(row.getString(0), row.getString(1));
        }
        return prompts;
    }

    private Map<String, String> errors(String name) {
        Map<String, String> errors = new TreeMap<>();
        for (Row row : LocalSpark.session()
                .read()
                .parquet(out(name) + "/_textloom/errors")
                .select("id", "message")
                .collectAsList()) {
            errors.put(row.getString(0), row.getString(1));
        }
        return errors;
    }

    private void write(String name, String... lines) throws IOException {
        Files.write(dir.resolve(name), new ArrayList<>(List.of(lines)), StandardCharsets.UTF_8);
    }
}
