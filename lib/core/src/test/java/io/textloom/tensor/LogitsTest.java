package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LogitsTest {
    @Test
    void argmaxTakesTheFirstOfEquals() {
        assertThat(Logits.argmax(new float[] {-3, 2, 1, 2}, 4)).isEqualTo(1);
        assertThat(Logits.argmax(new float[] {-3, -3}, 2)).isZero();
        assertThat(Logits.argmax(new float[] {Float.NaN, -5, Float.NaN, -4}, 4)).isEqualTo(3);
    }

    @Test
    void expIsWithinFourUnitsInTheLastPlace() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200_000; i++) {
            double x = i == 0 ? 0 : -random.nextDouble() * (i % 2 == 0 ? 1 : 700);
            double expected = StrictMath.exp(x);
            assertThat(Math.abs(Logits.exp(x) - expected) / Math.ulp(expected))
                    .as("exp(%s)", x)
                    .isLessThanOrEqualTo(4);
        }
        assertThat(Logits.exp(0)).isEqualTo(1);
    }

    @Property
    void kthLargestIsThatOfTheSortedValues(
            @ForAll @Size(min = 1, max = 60) float @FloatRange(min = -9, max = 9) [] values,
            @ForAll @IntRange(min = 1, max = 60) int k) {
        int rank = Math.min(k, values.length);
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        assertThat(Logits.kthLargest(values, values.length, rank, new float[rank]))
                .isEqualTo(sorted[values.length - rank]);
    }

    @Property
    void theNucleusIsTheSmallestSetOfHeaviestThatReachesP(
            @ForAll @Size(min = 1, max = 40) int @IntRange(min = 0, max = 12) [] counts,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
        // whole numbers: sums are exact and equal weights are frequent
        int n = counts.length;
        int[] ids = new int[n];
        double[] weights = new double[n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            ids[i] = 100 + i;
            weights[i] = counts[i] + 1;
            total += weights[i];
        }
        double[] given = weights.clone();
        int kept = Logits.nucleus(ids, weights, n, p, new double[n]);

        double reached = 0;
        double lightest = Double.MAX_VALUE;
        boolean[] stays = new boolean[n];
        for (int i = 0; i < kept; i++) {
            assertThat(weights[i]).isEqualTo(given[ids[i] - 100]);
            assertThat(i == 0 || ids[i] > ids[i - 1]).isTrue();
            stays[ids[i] - 100] = true;
            reached += weights[i];
            lightest = Math.min(lightest, weights[i]);
        }
        assertThat(reached).isGreaterThanOrEqualTo(p * total);
        assertThat(reached - lightest).isLessThan(p * total);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (stays[j] && !stays[i]) {
                    assertThat(given[i] < given[j] || (given[i] == given[j] && i > j))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void picksFollowTheWeights() {
        int[] ids = {4, 7, 9};
        double[] weights = {1, 2, 1};
        assertThat(Logits.pick(ids, weights, 3, 0)).isEqualTo(4);
        assertThat(Logits.pick(ids, weights, 3, 0.2499)).isEqualTo(4);
        assertThat(Logits.pick(ids, weights, 3, 0.25)).isEqualTo(7);
        assertThat(Logits.pick(ids, weights, 3, 0.75)).isEqualTo(9);
        assertThat(Logits.pick(ids, weights, 3, Math.nextDown(1.0))).isEqualTo(9);
    }
}
