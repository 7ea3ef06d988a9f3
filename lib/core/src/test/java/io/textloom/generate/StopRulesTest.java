package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts are one token, so the completion is the script from its start. */
class StopRulesTest {
    @TempDir
    Path folder;

    @Test
    void theEndTokenEndsTheTextAndCountsAsAToken() throws Exception {
        Generated g = complete(20, List.of(), 'h', 'i', ToyTokenizer.EOS, 'x');
        assertThat(g.completion()).isEqualTo("hi");
        assertThat(g.completionTokens()).isEqualTo(3);
        assertThat(g.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(g.finishReason().toString()).isEqualTo("stop");
    }

    @Test
    void theEndTokenMayComeFirst() throws Exception {
        Generated g = complete(20, List.of(), ToyTokenizer.EOS);
        assertThat(g.completion()).isEmpty();
        assertThat(g.completionTokens()).isEqualTo(1);
        assertThat(g.logprob()).isNegative();
    }

    @Test
    void lengthEndsTheTextWhereNothingElseDoes() throws Exception {
        Generated g = complete(3, List.of("never"), 'a', 'b', 'c', 'd');
        assertThat(g.completion()).isEqualTo("abc");
        assertThat(g.completionTokens()).isEqualTo(3);
        assertThat(g.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(g.finishReason().toString()).isEqualTo("length");
    }

    @Test
    void aStopStringMaySpanTokens() throws Exception {
        Generated g = complete(20, List.of("\n\n", "END"), 'o', 'k', '\n', 'E', 'N', 'D', 'x');
        assertThat(g.completion()).isEqualTo("ok\n");
        assertThat(g.completionTokens()).isEqualTo(6);
        assertThat(g.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aStopStringMayBeginAndEndInsideTokens() throws Exception {
        // o, ab, c, ab: the string "bca" begins in the second token and ends in the fourth
        Generated g = complete(20, List.of("bca"), 'o', ToyTokenizer.AB, 'c', ToyTokenizer.AB, 'x');
        assertThat(g.completion()).isEqualTo("oa");
        assertThat(g.completionTokens()).isEqualTo(4);
    }

    @Test
    void aStopStringOfSplitCharactersIsFound() throws Exception {
        Generated g = complete(20, List.of("é!"), 'a', ToyTokenizer.Z_AND_HALF, 0xa9, '!', 'x');
        assertThat(g.completion()).isEqualTo("az");
        assertThat(g.completionTokens()).isEqualTo(4);
    }

    @Test
    void theFirstOfSeveralStopStringsCuts() throws Exception {
        // "yab" and "ab" are completed by the same token
        Generated g = complete(20, List.of("ab", "yab"), 'x', 'y', ToyTokenizer.AB, 'q');
        assertThat(g.completion()).isEqualTo("x");
    }

    @Test
    void aStopStringCompletedByTheLastTokenStops() throws Exception {
        Generated g = complete(3, List.of("c"), 'a', 'b', 'c', 'd');
        assertThat(g.completion()).isEqualTo("ab");
        assertThat(g.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aLongStopStringIsFoundFarIntoTheText() throws Exception {
        int[] script = new int[40];
        java.util.Arrays.fill(script, 'm');
        "a longer stop".chars().forEach(new java.util.function.IntConsumer() {
            private int at = 20;

            @Override
            public void accept(int c) {
                script[at++] = c;
            }
        });
        Generated g = complete(40, List.of("a longer stop"), script);
        assertThat(g.completion()).isEqualTo("m".repeat(20));
        assertThat(g.completionTokens()).isEqualTo(33);
    }

    @Test
    void charactersSplitOverTokensAreWhole() throws Exception {
        int[] euro = {0xe2, 0x82, 0xac};
        Generated g =
                complete(20, List.of("nowhere"), 'a', euro[0], euro[1], euro[2], ToyTokenizer.Z_AND_HALF, 0xa9, 256);
        assertThat(g.completion()).isEqualTo("a€zé");
        assertThat(complete(3, List.of(), 'a', 0xc3, 0xa9).completion()).isEqualTo("aé");
    }

    @Test
    void aCharacterCutByTheLengthIsWhatDecodingGives() throws Exception {
        Generated g = complete(2, List.of(), 'a', 0xe2, 0x82, 0xac);
        assertThat(g.completion()).isEqualTo(new ToyTokenizer().decode(new int[] {'a', 0xe2}, 0, 2));
    }

    private Generated complete(int maxNewTokens, List<String> stop, int... script) throws Exception {
        GenerateOptions options = TestOptions.of(maxNewTokens, 0, 0, 1, 0, 1, stop, LongPrompts.TRUNCATE, 2);
        try (GenerativeModel model = ScriptedGpt2.open(folder, script);
                Generator generator = model.newGenerator(options)) {
            return (Generated) generator
                    .generate(List.of(new GenerateRequest(1, "r", "p")).iterator(), new GenerateStats())
                    .next();
        }
    }
}
