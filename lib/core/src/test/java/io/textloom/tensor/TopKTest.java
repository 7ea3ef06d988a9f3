package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopKTest {
    @Property(tries = 400)
    void selectsWhatSortingWould(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3000) int n,
            @ForAll @IntRange(min = 1, max = 400) int k,
            @ForAll @IntRange(min = 1, max = 500) int different) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            // few different ones: equals are frequent, and some are barred
            values[i] = random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(different) - 9;
        }
        check(values, Math.min(k, n));
    }

    @Test
    void fallingAndRisingValues() {
        float[] values = new float[2049];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        check(values, 40);
        for (int i = 0; i < values.length; i++) {
            values[i] = -i;
        }
        check(values, 40);
        // the largest stand in one column
        Arrays.fill(values, 0);
        for (int i = 7; i < values.length; i += 512) {
            values[i] = i;
        }
        check(values, 3);
        check(values, 5);
    }

    @Test
    void aNumberThatIsNoneDoesNotFail() {
        float[] values = new float[4000];
        Arrays.fill(values, Float.NaN);
        assertThat(new TopK(40, 4000).select(values, 4000, new int[4000])).isZero();
    }

    private static void check(float[] values, int k) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        float least = sorted[values.length - k];
        int[] expected = IntStream.range(0, values.length)
                .filter(i -> values[i] >= least)
                .toArray();
        int[] ids = new int[values.length];
        int count = new TopK(k, values.length).select(values, values.length, ids);
        assertThat(Arrays.copyOf(ids, count)).isEqualTo(expected);
    }
}
