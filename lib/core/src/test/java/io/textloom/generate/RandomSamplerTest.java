package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RandomSamplerTest {
    private static final int DRAWS = 40_000;

    /** Natural logarithms of these probabilities, shifted. */
    private static final double[] PROBABILITIES = {0.05, 0.4, 0.1, 0.25, 0.2};

    @Test
    void frequenciesAreTheModelsProbabilities() {
        assertFrequencies(1, 0, 1, 0.05, 0.4, 0.1, 0.25, 0.2);
    }

    @Test
    void temperatureSharpensAndFlattens() {
        double[] squares = new double[5];
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            squares[i] = PROBABILITIES[i] * PROBABILITIES[i];
            sum += squares[i];
        }
        for (int i = 0; i < 5; i++) {
            squares[i] /= sum;
        }
        assertFrequencies(0.5, 0, 1, squares);
        assertFrequencies(1e5, 0, 1, 0.2, 0.2, 0.2, 0.2, 0.2);
        assertFrequencies(Double.MIN_VALUE, 0, 1, 0, 1, 0, 0, 0);
    }

    @Test
    void topKKeepsTheLikeliest() {
        assertFrequencies(1, 2, 1, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
        assertFrequencies(1, 1, 1, 0, 1, 0, 0, 0);
        assertFrequencies(1, 99, 1, PROBABILITIES);
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        assertFrequencies(1, 0, 0.64, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
        assertFrequencies(1, 0, 0.66, 0, 0.4 / 0.85, 0, 0.25 / 0.85, 0.2 / 0.85);
        assertFrequencies(1, 0, 0.01, 0, 1, 0, 0, 0);
    }

    @Test
    void topPFollowsTopKAndTemperature() {
        // among the three likeliest, 0.4 of 0.85 is 0.47: top-p 0.45 keeps it alone, and would keep two of all five
        assertFrequencies(1, 3, 0.45, 0, 1, 0, 0, 0);
        assertFrequencies(1, 0, 0.45, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
        // at temperature 0.5 the likeliest weighs 0.59: top-p 0.55 keeps it alone
        assertFrequencies(0.5, 0, 0.55, 0, 1, 0, 0, 0);
    }

    @Test
    void tokensAsLikelyAsTheKthAreKept() {
        float[] logits = {1, 3, 1, 1};
        boolean[] seen = new boolean[4];
        Sampler sampler = sampler(5, 2, 1, 4);
        TokenHistory history = new TokenHistory(new int[] {1}, 1, 9);
        for (int i = 0; i < 1000; i++) {
            seen[draw(sampler, logits, history)] = true;
        }
        assertThat(seen).containsOnly(true);
    }

    @Test
    void logitsThatAreNotNumbersDoNotFail() {
        float[] logits = new float[5];
        Arrays.fill(logits, Float.NaN);
        TokenHistory history = new TokenHistory(new int[] {1}, 1, 9);
        assertThat(draw(sampler(1, 2, 0.9, 5), logits, history)).isZero();
        assertThat(draw(sampler(1, 0, 0.9, 5), logits, history)).isZero();
        assertThat(draw(sampler(0, 0, 1, 5), logits, history)).isZero();
        BitSet allowed = new BitSet();
        allowed.set(3);
        assertThat(sampler(1, 2, 0.9, 5).sample(logits, history, allowed)).isEqualTo(3);
    }

    /** The definition in full: sort, cut, renormalise. */
    @Property(tries = 300)
    void neverDrawsOutsideTheTruncatedDistribution(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.2, max = 3) double temperature,
            @ForAll @IntRange(min = 0, max = 30) int topK,
            @ForAll @DoubleRange(min = 0.05, max = 1) double topP) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = 25;
        float[] logits = new float[n];
        for (int i = 0; i < n; i++) {
            logits[i] = (float) (random.nextDouble() * 8 - 4);
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
        int k = topK == 0 ? n : Math.min(topK, n);
        double total = 0;
        for (int i = 0; i < k; i++) {
            total += Math.exp(logits[order[i]] / (float) temperature);
        }
        boolean[] allowed = new boolean[n];
        double before = 0;
        for (int i = 0; i < k && before < topP * total * (1 + 1e-12); i++) {
            allowed[order[i]] = true;
            before += Math.exp(logits[order[i]] / (float) temperature);
        }
        Sampler sampler = sampler(temperature, topK, topP, n);
        TokenHistory history = new TokenHistory(new int[] {1}, 1, seed);
        for (int i = 0; i < 50; i++) {
            assertThat(allowed[draw(sampler, logits, history)]).isTrue();
        }
    }

    private static void assertFrequencies(double temperature, int topK, double topP, double... expected) {
        float[] logits = new float[PROBABILITIES.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (Math.log(PROBABILITIES[i]) + 7);
        }
        Sampler sampler = sampler(temperature, topK, topP, logits.length);
        int[] counts = new int[logits.length];
        TokenHistory history = new TokenHistory(new int[] {1}, 1, 12);
        for (int i = 0; i < DRAWS; i++) {
            counts[draw(sampler, logits, history)]++;
        }
        for (int i = 0; i < counts.length; i++) {
            double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / DRAWS);
            assertThat((double) counts[i] / DRAWS)
                    .as("token %d", i)
                    .isBetween(expected[i] - 4 * deviation, expected[i] + 4 * deviation);
        }
    }

    /** Leaves the logits and goes on with the history. */
    private static int draw(Sampler sampler, float[] logits, TokenHistory history) {
        int token = sampler.sample(logits.clone(), history, null);
        history.add(token);
        return token;
    }

    private static Sampler sampler(double temperature, int topK, double topP, int vocabulary) {
        return Sampler.of(TestOptions.sampling(1, temperature, topK, topP, 0, 1, List.of()), vocabulary, new BitSet());
    }
}
