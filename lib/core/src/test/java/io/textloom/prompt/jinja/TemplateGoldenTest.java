package io.textloom.prompt.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            Map<String, Object> variables = new HashMap<>();
            variables.put("tools", null);
            variables.put("documents", null);
            variables.put("bos_token", "<s>");
            variables.put("eos_token", "</s>");
            variables.putAll(map(row.get("variables")));
            variables.put("messages", row.get("messages"));
            check(row, templates.get(String.valueOf(row.get("template"))), variables, wrong);
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
            check(row, String.valueOf(row.get("template")), data, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(
            Map<String, Object> row, String template, Map<String, Object> variables, List<String> wrong) {
        String expected = (String) row.get("text");
        String found;
        try {
            found = Template.lenient(template).render(variables, NOW);
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
