package io.textloom.bench.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.bench.BenchPrompt;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptRecipeTest {
    private static final String[] WORDS = "one two three seven eleven thirteen".split(" ");

    @Test
    void promptsHaveExactlyTheirTokensAndStayInTheirBounds() {
        List<BenchPrompt> prompts = recipe(7).varied(50, 16, 40, 3, 5);
        assertThat(prompts).allSatisfy(prompt -> {
            assertThat(prompt.tokens()).isBetween(16, 40).isEqualTo(tokens(prompt.text()));
            assertThat(prompt.newTokens()).isBetween(3, 5);
        });
        assertThat(prompts.stream().mapToInt(BenchPrompt::tokens).distinct().count())
                .isGreaterThan(5);
    }

    @Test
    void aSeedGivesTheSamePromptsAndAnotherGivesOthers() {
        assertThat(recipe(7).varied(5, 8, 20, 1, 9)).isEqualTo(recipe(7).varied(5, 8, 20, 1, 9));
        assertThat(recipe(7).varied(5, 8, 20, 1, 9)).isNotEqualTo(recipe(8).varied(5, 8, 20, 1, 9));
    }

    @Test
    void fewShotPromptsBeginAlikeAndEndApart() {
        List<BenchPrompt> prompts = recipe(7).fewShot(10, 40, 50, 4);
        String examples = prompts.get(0).text();
        while (tokens(examples) > 40) {
            examples = examples.substring(0, examples.lastIndexOf(' '));
        }
        String shared = examples;
        assertThat(prompts).allSatisfy(prompt -> {
            assertThat(prompt.text()).startsWith(shared);
            assertThat(tokens(prompt.text())).isEqualTo(50);
        });
        assertThat(prompts.stream().map(BenchPrompt::text).distinct().count()).isGreaterThan(1);
    }

    private static PromptRecipe recipe(long seed) {
        return new PromptRecipe(WORDS, seed, PromptRecipeTest::tokens);
    }

    /** A token for each word, and one more for a long word. */
    private static int tokens(String text) {
        int tokens = 0;
        for (String word : text.split(" ")) {
            tokens += word.length() > 5 ? 2 : 1;
        }
        return tokens;
    }
}
