package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NucleusTest {
    @Property
    void keepsTheSmallestSetOfHeaviestThatReachesP(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 12) Integer> counts,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
        // sixteenths: sums are exact and equal weights are frequent
        int n = counts.size();
        int[] ids = new int[n];
        double[] weights = new double[n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            ids[i] = 100 + i;
            weights[i] = (counts.get(i) + 1) / 16.0;
            total += weights[i];
        }
        double[] given = weights.clone();
        int kept = new Nucleus(n).keep(ids, weights, n, p * total);

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
    void agreesWithSortingOverManyMagnitudes() {
        SplittableRandom random = new SplittableRandom(3);
        int n = 5000;
        Nucleus nucleus = new Nucleus(n);
        for (double p : new double[] {0.001, 0.3, 0.9, 0.999999, 1}) {
            int[] ids = new int[n];
            double[] weights = new double[n];
            for (int i = 0; i < n; i++) {
                ids[i] = i;
                weights[i] = Math.exp(-random.nextDouble() * 50);
            }
            double[] sorted = weights.clone();
            Arrays.sort(sorted);
            double target = p * Arrays.stream(sorted).sum();
            double reached = 0;
            int expected = 0;
            while (expected < n && reached < target * (1 - 1e-12)) {
                reached += sorted[n - ++expected];
            }
            int kept = nucleus.keep(ids, weights, n, target);
            if (p < 1) {
                assertThat(kept).isEqualTo(expected);
                double lightest = Arrays.stream(weights, 0, kept).min().orElseThrow();
                assertThat(lightest).isEqualTo(sorted[n - expected]);
            } else {
                assertThat(Arrays.stream(weights, 0, kept).sum()).isGreaterThan(target * (1 - 1e-12));
            }
        }
    }

    @Test
    void equalWeightsAreKeptFromTheFirst() {
        int[] ids = {3, 5, 8, 9};
        double[] weights = {0.5, 0.5, 0.5, 0.5};
        assertThat(new Nucleus(4).keep(ids, weights, 4, 1)).isEqualTo(2);
        assertThat(ids).startsWith(3, 5);
    }
}
