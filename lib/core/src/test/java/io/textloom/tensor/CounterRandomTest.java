package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    @Test
    void theStreamIsSplitMix64() {
        SplittableRandom reference = new SplittableRandom(42);
        for (int i = 0; i < 100; i++) {
            assertThat(CounterRandom.uniform(42, i)).isEqualTo((reference.nextLong() >>> 11) * 0x1p-53);
        }
    }

    @Test
    void drawsAreUniform() {
        int[] counts = new int[20];
        for (int row = 0; row < 2000; row++) {
            long seed = CounterRandom.derive(1, "row-" + row, 0);
            for (int i = 0; i < 20; i++) {
                counts[(int) (CounterRandom.uniform(seed, i) * 20)]++;
            }
        }
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - 2000.0) * (count - 2000.0) / 2000;
        }
        // 19 degrees of freedom: above 43.8 once in a thousand seeds
        assertThat(chiSquare).isLessThan(43.8);
    }

    @Test
    void derivedSeedsDiffer() {
        Set<Long> seeds = new HashSet<>();
        for (long run = 0; run < 5; run++) {
            for (int row = 0; row < 200; row++) {
                for (int sample = 0; sample < 5; sample++) {
                    seeds.add(CounterRandom.derive(run, Integer.toString(row), sample));
                }
            }
        }
        seeds.add(CounterRandom.derive(0, "", 0));
        seeds.add(CounterRandom.derive(0, "\0", 0));
        assertThat(seeds).hasSize(5 * 200 * 5 + 2);
    }

    @Test
    void derivedSeedsStayTheSame() {
        assertThat(CounterRandom.derive(0, "a", 0)).isEqualTo(258565641413810764L);
        assertThat(CounterRandom.derive(42, "row-7", 3)).isEqualTo(-8614767314049524428L);
    }
}
