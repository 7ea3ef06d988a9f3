package io.textloom.bench.side;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.bench.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Words of files that the texts of a benchmark are made of. */
public final class Prose {
    private Prose() {}

    /** The words of a {@code .txt} or {@code .jsonl} file, or of all such files of a directory in the order of their names. */
    public static String[] words(Path source) throws IOException {
        List<Path> files;
        if (Files.isDirectory(source)) {
            try (Stream<Path> entries = Files.list(source)) {
                files = entries.filter(f -> f.toString().matches(".*\\.(txt|jsonl)"))
                        .sorted()
                        .toList();
            }
        } else {
            files = List.of(source);
        }
        StringBuilder all = new StringBuilder();
        for (Path file : files) {
            String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (file.toString().endsWith(".jsonl")) {
                content.lines().forEach(line -> all.append(english(line)).append(' '));
            } else {
                all.append(content).append(' ');
            }
        }
        return all.toString().trim().split("\\s+");
    }

    /** The field {@code text} unless the line is broken or says that it is in another language: the model knows English. */
    private static String english(String line) {
        try {
            JsonNode json = Json.MAPPER.readTree(line);
            return json.path("lang").asText("en").equals("en")
                    ? json.path("text").asText("")
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
