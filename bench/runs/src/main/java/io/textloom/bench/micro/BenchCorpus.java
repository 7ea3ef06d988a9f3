package io.textloom.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Texts to tokenize. {@code TEXTLOOM_BENCH_ENGLISH} and {@code TEXTLOOM_BENCH_CHINESE} name a file or a directory each; without, it is the sample corpus, whose few
 * words repeat more than real ones.
 */
final class BenchCorpus {
    /** unit: UTF-16 units */
    private static final int MAX_CHARS = 4_000_000;

    private BenchCorpus() {}

    /** @param language {@code english} or {@code chinese} */
    static List<String> read(String language) throws IOException {
        String given = System.getenv("TEXTLOOM_BENCH_" + language.toUpperCase(java.util.Locale.ROOT));
        List<String> texts = new ArrayList<>();
        if (given == null) {
            addSample(language.equals("english") ? "en" : "zh", texts);
        } else {
            for (Path file : files(Path.of(given))) {
                addFile(file, texts);
            }
        }
        int chars = 0;
        int kept = 0;
        while (kept < texts.size() && chars < MAX_CHARS) {
            chars += texts.get(kept++).length();
        }
        return texts.subList(0, kept);
    }

    private static List<Path> files(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> entries = Files.list(source)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Paragraphs of a {@code .txt} file, lines of any other. */
    private static void addFile(Path file, List<String> texts) throws IOException {
        String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        boolean prose = file.toString().endsWith(".txt");
        for (String text : content.split(prose ? "\\R{2,}" : "\\R", -1)) {
            if (!text.isBlank()) {
                texts.add(text);
            }
        }
    }

    private static void addSample(String language, List<String> texts) throws IOException {
        String sample = System.getProperty("textloom.bench.sample", "scripts/sample/corpus.jsonl");
        for (String line : Files.readAllLines(Path.of(sample))) {
            if (line.startsWith("{")) {
                JsonNode row = new ObjectMapper().readTree(line);
                if (row.path("lang").asText().equals(language)) {
                    texts.add(row.path("text").asText());
                }
            }
        }
    }
}
