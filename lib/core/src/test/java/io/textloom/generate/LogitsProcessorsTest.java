package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.textloom.constrain.ConstraintOptions;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogitsProcessorsTest {
    private static final int END = 3;

    @Test
    void plainGreedyIsSaidOnlyWhereNothingChangesLogits() {
        assertThat(sampler(0, 0, PenaltyOptions.NONE, Map.of()).isPlainGreedy(0)).isTrue();
        assertThat(sampler(0, 2, PenaltyOptions.NONE, Map.of()).isPlainGreedy(1)).isFalse();
        assertThat(sampler(0, 2, PenaltyOptions.NONE, Map.of()).isPlainGreedy(2)).isTrue();
        assertThat(sampler(1, 0, PenaltyOptions.NONE, Map.of()).isPlainGreedy(0)).isFalse();
        assertThat(sampler(0, 0, new PenaltyOptions(1.1, 0, 0, 0), Map.of()).isPlainGreedy(0))
                .isFalse();
        assertThat(sampler(0, 0, new PenaltyOptions(1, 0, 0, 2), Map.of()).isPlainGreedy(0))
                .isFalse();
        assertThat(sampler(0, 0, PenaltyOptions.NONE, Map.of(1, 2.0)).isPlainGreedy(0))
                .isFalse();
    }

    @Test
    void aConstraintIsKept() {
        for (double temperature : new double[] {0, 1}) {
            Sampler sampler = sampler(temperature, 0, PenaltyOptions.NONE, Map.of());
            TokenHistory history = new TokenHistory(new int[] {0}, 1, 8);
            BitSet allowed = set(0, 2);
            for (int i = 0; i < 200; i++) {
                int token = sampler.sample(new float[] {-20, 30, -19, 40}, history, allowed);
                assertThat(allowed.get(token)).isTrue();
                history.add(token);
            }
        }
    }

    @Test
    void theBarOfNgramsGivesWayFirst() {
        // all four tokens have been seen, so each would repeat; the end is not due yet
        Sampler sampler = sampler(0, 9, new PenaltyOptions(1, 0, 0, 1), Map.of());
        TokenHistory history = new TokenHistory(new int[] {0, 1, 2, END}, 4, 8);
        assertThat(sampler.sample(new float[] {1, 5, 2, 9}, history, null)).isEqualTo(1);
        assertThat(sampler.sample(new float[] {1, 5, 2, 9}, history, set(0, 2, END)))
                .isEqualTo(2);
    }

    @Test
    void theBarOfEndTokensGivesWayWhereOnlyTheyAreAllowed() {
        Sampler sampler = sampler(0, 9, new PenaltyOptions(1, 0, 0, 1), Map.of());
        TokenHistory history = new TokenHistory(new int[] {0, 1, 2, END}, 4, 8);
        assertThat(sampler.sample(new float[] {1, 5, 2, 9}, history, set(END))).isEqualTo(END);
        assertThat(sampler(1, 9, PenaltyOptions.NONE, Map.of()).sample(new float[] {1, 5, 2, 9}, history, set(END)))
                .isEqualTo(END);
    }

    @Test
    void endTokensComeNotBeforeTheLeastLength() {
        Sampler sampler = sampler(0, 2, PenaltyOptions.NONE, Map.of());
        TokenHistory history = new TokenHistory(new int[] {0}, 1, 8);
        for (int expected : new int[] {1, 1, END}) {
            int token = sampler.sample(new float[] {1, 5, 2, 9}, history, null);
            assertThat(token).isEqualTo(expected);
            history.add(token);
        }
    }

    @Test
    void stopTokensOfTheOptionsAreEndTokens() {
        SamplingOptions options = options(0, 1, PenaltyOptions.NONE, Map.of(), List.of(1));
        TokenHistory history = new TokenHistory(new int[] {0}, 1, 8);
        assertThat(Sampler.of(options, 4, set(END)).sample(new float[] {1, 5, 2, 9}, history, null))
                .isEqualTo(2);
    }

    @Test
    void tokensThatTheModelDoesNotHaveAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampler(0, 0, PenaltyOptions.NONE, Map.of(4, 1.0)))
                .withMessage("generate.logitBias is of token 4; expected tokens from 0 to 3, the model's last");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sampler.of(options(0, 0, PenaltyOptions.NONE, Map.of(), List.of(7)), 4, set(END)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(0, 0, PenaltyOptions.NONE, Map.of(1, Double.NEGATIVE_INFINITY), List.of()));
    }

    @Test
    void noAllowedTokenIsAnError() {
        TokenHistory history = new TokenHistory(new int[] {0}, 1, 8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampler(0, 0, PenaltyOptions.NONE, Map.of()).sample(new float[4], history, new BitSet()));
    }

    private static Sampler sampler(
            double temperature, int minNewTokens, PenaltyOptions penalties, Map<Integer, Double> bias) {
        return Sampler.of(options(temperature, minNewTokens, penalties, bias, List.of()), 4, set(END));
    }

    private static SamplingOptions options(
            double temperature,
            int minNewTokens,
            PenaltyOptions penalties,
            Map<Integer, Double> bias,
            List<Integer> stopTokens) {
        return new SamplingOptions(
                10,
                minNewTokens,
                temperature,
                0,
                1,
                0,
                penalties,
                bias,
                List.of(),
                stopTokens,
                1,
                0,
                BeamOptions.NONE,
                -1,
                ConstraintOptions.NONE,
                0);
    }

    private static BitSet set(int... ids) {
        BitSet set = new BitSet();
        for (int id : ids) {
            set.set(id);
        }
        return set;
    }
}
