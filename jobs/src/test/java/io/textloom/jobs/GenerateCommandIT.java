package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The generate job from where a user stands: what cannot work ends with 2 and one sentence before a row is read; bad rows are rows of the error table. */
@Timeout(300)
class GenerateCommandIT {
    @TempDir
    Path dir;

    @BeforeEach
    void writeInput() throws IOException {
        Files.writeString(
                dir.resolve("in.jsonl"),
                "{\"id\":\"a\",\"text\":\"Once upon a time\",\"n\":2}\n"
                        + "{\"id\":\"b\",\"text\":\"\",\"n\":1}\n"
                        + "{\"id\":\"c\",\"text\":\"" + "long ".repeat(700) + "\",\"n\":1}\n"
                        + "{\"id\":\"d\",\"text\":\"The king\",\"n\":0}\n");
    }

    @Test
    void settingsThatCannotWorkEndWith2() {
        assertEnds2(
                "generate.maxNewTokens is 1000000 but the model storyteller has a context of 512 tokens",
                "--max-new-tokens",
                "1000000");
        assertEnds2("is impossible", "--json-schema", "{\"type\":\"integer\",\"minimum\":5,\"maximum\":4}");
        assertEnds2("jsonSchema", "--json-schema", "{\"type\":");
        assertEnds2(
                "which cannot be read",
                "--json-schema",
                dir.resolve("none.json").toString());
        assertEnds2("generate.regex", "--regex", "(a");
        assertEnds2("generate.maxNewTokens is 4 but the shortest text", "--regex", "a{300}", "--max-new-tokens", "4");
        assertEnds2("at most one of them", "--regex", "a", "--choices", "b");
        assertEnds2("generate.topP is 0.0", "--top-p", "0");
        assertEnds2("generate.beams is 64", "--beams", "64");
        assertEnds2("generate.stopTokens is of token 999999", "--stop-tokens", "999999");
        assertEnds2("generate.logitBias is of token 999999", "--logit-bias", "999999=1");
        assertEnds2("no column nope", "--template", "{{ nope }}");
        assertEnds2("generate.template", "--template", "{% if n %}");
        assertEnds2(
                "which cannot be read",
                "--template-file",
                dir.resolve("none.jinja").toString());
        assertEnds2("has no column messages", "--messages-column", "messages", "--model", chatty());
        assertEnds2("has no column body", "--text-column", "body");
        assertThat(dir.resolve("out")).doesNotExist();
        // known where the model is opened: in a task
        assertEnds2("generate.kvMemory", "--kv-memory", "1", "--slots", "512");
    }

    @Test
    void rowsThatCannotBeCompletedAreErrors() throws IOException {
        Ran ran = execute("--long-prompts", "error", "--max-new-tokens", "500");
        assertThat(ran.exit()).as(ran.err()).isEqualTo(4);
        assertThat(ran.out()).contains("EMPTY_TEXT 1", "TOO_LONG 1");
        assertThat(CommittedRows.strings(CommittedRows.of(dir.resolve("out")), "id"))
                .containsExactly("a", "d");

        Files.delete(dir.resolve("in.jsonl"));
        writeInput();
        Ran template = run("again", "--template", "{{ text }} {{ 12 // n }}", "--max-new-tokens", "4");
        assertThat(template.exit()).as(template.err()).isEqualTo(4);
        assertThat(template.out()).contains("TEMPLATE_FAILED 1");
    }

    /** The storyteller with a chat template. */
    private String chatty() {
        Path model = dir.resolve("chatty");
        try {
            if (!Files.exists(model)) {
                Files.createDirectory(model);
                try (var files = Files.list(Path.of("../models/storyteller"))) {
                    for (Path file : files.toList()) {
                        Files.copy(file, model.resolve(file.getFileName()));
                    }
                }
                Files.writeString(
                        model.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return model.toString();
    }

    private void assertEnds2(String told, String... arguments) {
        Ran ran = execute(arguments);
        assertThat(ran.exit())
                .as(String.join(" ", arguments) + ": " + ran.err() + ran.out())
                .isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("textloom: ", told).doesNotContain("Exception");
    }

    private record Ran(int exit, String out, String err) {}

    private Ran execute(String... arguments) {
        return run("out", arguments);
    }

    private Ran run(String output, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "generate",
                "--input",
                dir.resolve("in.jsonl").toString(),
                "--output",
                dir.resolve(output).toString(),
                "--id-column",
                "id"));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), false);
        int exit = new Main(console, new SparkJobRunner(console)).execute(all.toArray(String[]::new));
        return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
    }
}
