package io.textloom.bench.embed;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.bench.BenchText;
import io.textloom.bench.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Makes texts of skewed lengths out of any prose: each is a run of neighbouring words from a random place. The number of words is log-normal with median
 * 26 and sigma 0.9, so most texts are a sentence or two and a few fill the model's window. The same words and seed give the same texts.
 */
final class TextRecipe {
    static final int MIN_TOKENS = 5;
    static final int MAX_TOKENS = 256;

    private static final double MEDIAN_WORDS = 26;
    private static final double SIGMA = 0.9;
    private static final int MIN_WORDS = 3;
    private static final int MAX_WORDS = 190;

    private TextRecipe() {}

    /**
     * @param words at least 200
     * @param tokens length of a text, special tokens included; texts outside 5 to 256 are drawn again
     */
    static List<BenchText> make(String[] words, int count, long seed, ToIntFunction<String> tokens) {
        if (words.length <= MAX_WORDS) {
            throw new IllegalArgumentException(
                    "The texts have " + words.length + " words; expected more than " + MAX_WORDS);
        }
        Random random = new Random(seed);
        List<BenchText> texts = new ArrayList<>(count);
        while (texts.size() < count) {
            int length = (int) Math.round(Math.exp(Math.log(MEDIAN_WORDS) + SIGMA * random.nextGaussian()));
            length = Math.max(MIN_WORDS, Math.min(MAX_WORDS, length));
            int start = random.nextInt(words.length - length);
            String text = String.join(" ", Arrays.copyOfRange(words, start, start + length));
            int n = tokens.applyAsInt(text);
            if (n >= MIN_TOKENS && n <= MAX_TOKENS) {
                texts.add(new BenchText("t%06d".formatted(texts.size()), text, n));
            }
        }
        return texts;
    }

    /** The words of a {@code .txt} or {@code .jsonl} file, or of all such files of a directory in the order of their names. */
    static String[] words(Path source) throws IOException {
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
