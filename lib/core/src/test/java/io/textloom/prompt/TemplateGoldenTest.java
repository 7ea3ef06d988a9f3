package io.textloom.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.prompt.jinja.Template;
import io.textloom.prompt.jinja.TemplateException;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against transformers and jinja2: golden/chat, written by golden/chat_goldens.py; equal character for character. */
class TemplateGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 5, 9, 7, 3);

    @Test
    void chatTemplatesRenderAsInTransformers() {
        Map<String, String> templates = read("templates.json", new TypeReference<>() {});
        List<String> wrong = new ArrayList<>();
        List<Map<String, Object>> cases = lines("expected.jsonl");
        assertThat(cases).hasSizeGreaterThan(800);
        for (Map<String, Object> row : cases) {
            Map<String, Object> variables = new HashMap<>(Map.of("bos_token", "<s>", "eos_token", "</s>"));
            variables.putAll(map(row.get("variables")));
            String template = String.valueOf(templates.get(String.valueOf(row.get("template"))));
            check(row, () -> new ChatTemplate(template, variables, NOW).render(messages(row), true), wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void piecesOfJinjaRenderAsInJinja2() {
        Map<String, Object> data = read("data.json", new TypeReference<>() {});
        List<String> wrong = new ArrayList<>();
        List<Map<String, Object>> cases = lines("features.jsonl");
        assertThat(cases).hasSizeGreaterThan(140);
        for (Map<String, Object> row : cases) {
            String template = String.valueOf(row.get("template"));
            check(row, () -> Template.lenient(template).render(data, NOW), wrong);
        }
        assertThat(wrong).isEmpty();
    }

    /** Spelled special tokens in messages become those tokens, and nothing is put around the text. */
    @Test
    void tokensOfChatsAreThoseOfTransformers() throws URISyntaxException {
        Path folder = Path.of(
                TemplateGoldenTest.class.getResource("/golden/chat/folder").toURI());
        PromptPlan plan = PromptPlan.of(options(), folder, "text", NOW).orElseThrow();
        try (Tokenizer tokenizer = Tokenizers.open(folder.resolve("tokenizer.json"));
                PromptBuilder builder = new PromptBuilder(plan, tokenizer, null, ExampleChooser.fixed(0))) {
            List<Map<String, Object>> cases = lines("folder/expected.jsonl");
            assertThat(cases).hasSize(5);
            for (Map<String, Object> row : cases) {
                PromptResult.Built built = (PromptResult.Built) builder.build(row, "id", 500, false);
                assertThat(built.text()).isEqualTo(row.get("text"));
                assertThat(IntStream.of(built.ids()).boxed().toList()).isEqualTo(row.get("ids"));
            }
        }
    }

    private static PromptOptions options() {
        PromptOptions d = PromptOptions.defaults();
        return new PromptOptions(
                "",
                "",
                "",
                ChatUse.TRUE,
                "",
                List.of(),
                "messages",
                d.specialTexts(),
                d.cut(),
                "",
                "",
                ExampleOptions.NONE);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> messages(Map<String, Object> row) {
        return (List<Map<String, Object>>) row.get("messages");
    }

    private static void check(Map<String, Object> row, Supplier<String> rendering, List<String> wrong) {
        String expected = (String) row.get("text");
        String found;
        try {
            found = rendering.get();
        } catch (TemplateException e) {
            boolean raised = "TemplateError".equals(row.get("error"));
            if (expected != null || raised && !e.reason().equals(row.get("message"))) {
                wrong.add(name(row) + "\n  expected " + (raised ? row.get("message") : expected) + "\n  found    " + e);
            }
            return;
        }
        if (!found.equals(expected)) {
            wrong.add(name(row) + "\n  expected " + (expected == null ? row.get("message") : expected) + "\n  found    "
                    + found);
        }
    }

    private static String name(Map<String, Object> row) {
        return row.get("template") + " " + row.get("conversation");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static List<Map<String, Object>> lines(String file) {
        try (InputStream in = TemplateGoldenTest.class.getResourceAsStream("/golden/chat/" + file)) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                rows.add(JSON.readValue(line, new TypeReference<>() {}));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String file, TypeReference<T> type) {
        try (InputStream in = TemplateGoldenTest.class.getResourceAsStream("/golden/chat/" + file)) {
            return JSON.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
