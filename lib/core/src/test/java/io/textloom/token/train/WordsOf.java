package io.textloom.token.train;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Counted words from maps and texts. */
final class WordsOf {
    private WordsOf() {}

    static CountedWords counts(Map<String, Long> words) {
        TreeMap<byte[], Long> sorted = new TreeMap<>(Arrays::compareUnsigned);
        words.forEach((word, count) -> sorted.put(word.getBytes(StandardCharsets.UTF_8), count));
        CountedWords.Builder builder = new CountedWords.Builder();
        sorted.forEach(builder::add);
        return builder.build();
    }

    /** Counts the words between spaces. */
    static CountedWords text(String text) {
        Map<String, Long> counts = new TreeMap<>();
        for (String word : text.split(" ")) {
            counts.merge(word, 1L, Long::sum);
        }
        return counts(counts);
    }
}
