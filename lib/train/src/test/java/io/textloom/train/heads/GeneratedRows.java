package io.textloom.train.heads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Rows of words of a few kinds, whose vectors are drawn from a seed: what they teach can be learnt by heart of the words. */
final class GeneratedRows {
    private static final String[] ANIMALS = {"horse", "cow", "sheep", "goat", "pig", "hen", "duck", "dog"};
    private static final String[] TOOLS = {"hammer", "saw", "nail", "plane", "chisel", "drill", "file", "axe"};
    private static final String[] FILLERS = {"the", "a", "and", "near", "with", "of", "in", "on", "by", "under"};
    private static final int DIMENSIONS = 24;

    private GeneratedRows() {}

    /** A file of word vectors: a name, then the numbers. */
    static Path writeVectors(Path file) throws IOException {
        List<String> words = new ArrayList<>();
        for (String[] kind : List.of(ANIMALS, TOOLS, FILLERS)) {
            words.addAll(List.of(kind));
        }
        words.addAll(List.of("animal", "tool"));
        Random random = new Random(11);
        List<String> lines = new ArrayList<>(List.of(words.size() + " " + DIMENSIONS));
        for (String word : words) {
            StringBuilder line = new StringBuilder(word);
            for (int d = 0; d < DIMENSIONS; d++) {
                line.append(String.format(Locale.ROOT, " %.5f", random.nextGaussian()));
            }
            lines.add(line.toString());
        }
        return Files.write(file, lines);
    }

    static Path write(Path file, List<String> rows) throws IOException {
        return Files.write(file, rows);
    }

    private static String of(String[] kind, Random random) {
        return kind[random.nextInt(kind.length)];
    }

    private static String[] kind(boolean animal) {
        return animal ? ANIMALS : TOOLS;
    }

    private static String named(boolean animal) {
        return animal ? "animal" : "tool";
    }

    /** Some fillers and one word of a kind: which kind? */
    static List<String> kinds(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean animal = random.nextBoolean();
            rows.add(String.format(
                    "{\"text\": \"%s %s %s\", \"right\": \"%s\"}",
                    of(FILLERS, random), of(kind(animal), random), of(FILLERS, random), named(animal)));
        }
        return rows;
    }

    /** Two words: of one kind? */
    static List<String> pairs(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean first = random.nextBoolean();
            boolean second = random.nextBoolean();
            rows.add(String.format(
                    "{\"text\": \"%s\", \"second\": \"%s\", \"right\": \"%s\"}",
                    of(kind(first), random), of(kind(second), random), first == second ? "same" : "other"));
        }
        return rows;
    }

    /** Ten words: a hundred for each animal. */
    static List<String> numbers(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int animals = random.nextInt(11);
            List<String> words = new ArrayList<>();
            for (int word = 0; word < 10; word++) {
                words.add(of(kind(word < animals), random));
            }
            rows.add(String.format(
                    "{\"text\": \"%s\", \"right\": \"%d\"}", String.join(" ", words), 100 + 10 * animals));
        }
        return rows;
    }

    /** Animals and tools among fillers: where? */
    static List<String> entities(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            List<String> entities = new ArrayList<>();
            for (int word = 0; word < 8; word++) {
                text.append(word == 0 ? "" : " ");
                int start = text.length();
                boolean found = word % 2 == 1 && random.nextInt(3) > 0;
                boolean animal = random.nextBoolean();
                text.append(found ? of(kind(animal), random) : of(FILLERS, random));
                if (found) {
                    entities.add(String.format(
                            "{\"start\": %d, \"end\": %d, \"label\": \"%s\"}", start, text.length(), named(animal)));
                }
            }
            rows.add(String.format("{\"text\": \"%s\", \"right\": [%s]}", text, String.join(", ", entities)));
        }
        return rows;
    }

    /** An animal and a tool among fillers: which is the animal, or the tool? */
    static List<String> questions(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean first = random.nextBoolean();
            boolean asked = random.nextBoolean();
            String one = of(kind(first), random);
            String other = of(kind(!first), random);
            rows.add(String.format(
                    "{\"text\": \"%s %s %s %s %s\", \"question\": \"%s\", \"right\": \"%s\"}",
                    of(FILLERS, random),
                    one,
                    of(FILLERS, random),
                    other,
                    of(FILLERS, random),
                    named(asked),
                    asked == first ? one : other));
        }
        return rows;
    }

    /** A word and three others: which is of its kind? */
    static List<String> choices(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean animal = random.nextBoolean();
            int right = random.nextInt(3);
            List<String> choices = new ArrayList<>();
            for (int choice = 0; choice < 3; choice++) {
                choices.add("\"" + of(choice == right ? kind(animal) : kind(!animal), random) + "\"");
            }
            rows.add(String.format(
                    "{\"text\": \"%s\", \"choices\": [%s], \"right\": %d}",
                    of(kind(animal), random), String.join(", ", choices), right));
        }
        return rows;
    }
}
