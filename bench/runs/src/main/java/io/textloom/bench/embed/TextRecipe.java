package io.textloom.bench.embed;

import io.textloom.bench.BenchText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

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
}
