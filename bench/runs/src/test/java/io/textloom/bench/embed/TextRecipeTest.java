package io.textloom.bench.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.bench.BenchText;
import io.textloom.bench.side.Prose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextRecipeTest {
    private static final String[] WORDS =
            IntStream.range(0, 1000).mapToObj(i -> "w" + i).toArray(String[]::new);

    @Test
    void sameSeedGivesTheSameTexts() {
        assertThat(make(100, 7)).isEqualTo(make(100, 7)).isNotEqualTo(make(100, 8));
    }

    @Test
    void lengthsAreWithinTheWindowAndSkewedShort() {
        List<BenchText> texts = make(2000, 7);
        int[] lengths = texts.stream().mapToInt(BenchText::tokens).sorted().toArray();
        assertThat(lengths[0]).isGreaterThanOrEqualTo(TextRecipe.MIN_TOKENS);
        assertThat(lengths[lengths.length - 1]).isLessThanOrEqualTo(TextRecipe.MAX_TOKENS);
        double mean = IntStream.of(lengths).average().orElseThrow();
        assertThat(mean).isGreaterThan(1.2 * lengths[lengths.length / 2]);
    }

    @Test
    void tooFewWordsAreRefused() {
        assertThatThrownBy(() -> TextRecipe.make(new String[] {"a"}, 1, 7, String::length))
                .hasMessageContaining("1 words");
    }

    @Test
    void onlyEnglishLinesOfJsonCount(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.jsonl"), """
                {"lang": "en", "text": "one two"}
                {"lang": "zh", "text": "三"}
                {"text": "three"}
                {"text": "cut o
                """);
        Files.writeString(folder.resolve("b.txt"), "four\nfive");
        Files.writeString(folder.resolve("c.bin"), "six");
        assertThat(Prose.words(folder)).containsExactly("one", "two", "three", "four", "five");
    }

    /** A word counts as a token and a half. */
    private static List<BenchText> make(int count, long seed) {
        return TextRecipe.make(WORDS, count, seed, text -> 2 + text.split(" ").length * 3 / 2);
    }
}
