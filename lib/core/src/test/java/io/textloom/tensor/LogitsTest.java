package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
    void expIsWithinTwoUnitsInTheLastPlace() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200_000; i++) {
            double x = i == 0 ? 0 : -random.nextDouble() * (i % 2 == 0 ? 1 : 700);
            double expected = StrictMath.exp(x);
            assertThat(Math.abs(Logits.exp(x) - expected) / Math.ulp(expected))
                    .as("exp(%s)", x)
                    .isLessThanOrEqualTo(2);
        }
        assertThat(Logits.exp(0)).isEqualTo(1);
    }

    @Property
    void kthLargestIsThatOfTheSortedValues(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = -9, max = 9) Integer> given,
            @ForAll @IntRange(min = 1, max = 60) int k) {
        // small whole numbers: equals are frequent
        float[] values = new float[given.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = given.get(i);
        }
        int rank = Math.min(k, values.length);
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        assertThat(Logits.kthLargest(values, values.length, rank, new float[rank]))
                .isEqualTo(sorted[values.length - rank]);
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
