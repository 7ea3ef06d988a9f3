package io.textloom.bench.generate;

import io.textloom.bench.BenchPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * Makes prompts of wanted lengths out of any prose: runs of neighbouring words from a random place. The same words and seed give the same prompts.
 */
final class PromptRecipe {
    /** A token of GPT-2's vocabulary, whatever stands before it. */
    private static final String FILLER = " a";

    private final String[] words;
    private final ToIntFunction<String> tokens;
    private final Random random;

    /** @param tokens length of a text; unit: tokens */
    PromptRecipe(String[] words, long seed, ToIntFunction<String> tokens) {
        this.words = words;
        this.tokens = tokens;
        this.random = new Random(seed);
    }

    /** Lengths of prompts and completions, each uniform between its bounds and apart from the other. Unit: tokens */
    List<BenchPrompt> varied(int count, int minPrompt, int maxPrompt, int minNew, int maxNew) {
        List<BenchPrompt> prompts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = minPrompt + random.nextInt(maxPrompt - minPrompt + 1);
            int newTokens = minNew + random.nextInt(maxNew - minNew + 1);
            prompts.add(new BenchPrompt("p%05d".formatted(i), text("", length), length, newTokens));
        }
        return prompts;
    }

    /** Prompts that begin alike, as those of a few-shot template do. Unit: tokens */
    List<BenchPrompt> fewShot(int count, int shared, int length, int newTokens) {
        String examples = text("", shared);
        List<BenchPrompt> prompts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            prompts.add(new BenchPrompt("f%05d".formatted(i), text(examples, length), length, newTokens));
        }
        return prompts;
    }

    /** {@code start} and words behind it, exactly {@code length} tokens. */
    private String text(String start, int length) {
        StringBuilder text = new StringBuilder(start);
        int word = random.nextInt(words.length);
        while (true) {
            int before = text.length();
            text.append(before == 0 ? "" : " ").append(words[word++ % words.length]);
            int now = tokens.applyAsInt(text.toString());
            if (now == length) {
                return text.toString();
            }
            if (now > length) {
                text.setLength(before);
                return filled(text, length);
            }
        }
    }

    private String filled(StringBuilder text, int length) {
        while (tokens.applyAsInt(text.toString()) < length) {
            text.append(FILLER);
        }
        int made = tokens.applyAsInt(text.toString());
        if (made != length) {
            throw new IllegalStateException("A prompt of " + made + " tokens was made; expected " + length);
        }
        return text.toString();
    }
}
