package io.textloom.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.plan.Estimate.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EstimateTest {
    @Test
    void aWholeThatWasLookedAtIsExact() {
        assertThat(Estimate.ofTotal(List.of(new Place(10, 7), new Place(20, 8)), 30, 1))
                .isEqualTo(Estimate.exactly(15));
    }

    @Test
    void nothingLookedAtIsNothing() {
        assertThat(Estimate.ofTotal(List.of(), 100, 0)).isEqualTo(Estimate.exactly(0));
    }

    @Test
    void oneplaceTellsLittle() {
        Estimate estimate = Estimate.ofTotal(List.of(new Place(10, 5)), 100, 0.1);
        assertThat(estimate.value()).isEqualTo(50);
        assertThat(estimate.low()).isEqualTo(25);
        assertThat(estimate.high()).isEqualTo(100);
    }

    @Test
    void theBoundsHoldTheTruthAboutAsOftenAsTheySay() {
        Random random = new Random(5);
        List<Place> whole = new ArrayList<>();
        double size = 0;
        double found = 0;
        for (int i = 0; i < 2000; i++) {
            double length = 50 + random.nextInt(100);
            whole.add(new Place(length, length * (0.5 + random.nextDouble())));
            size += length;
            found += whole.get(i).found();
        }
        int held = 0;
        for (int trial = 0; trial < 400; trial++) {
            List<Place> sample = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                sample.add(whole.get(random.nextInt(whole.size())));
            }
            Estimate estimate = Estimate.ofTotal(sample, size, 0.02);
            held += estimate.low() <= found && found <= estimate.high() ? 1 : 0;
        }
        assertThat(held).isBetween(360, 396);
    }

    @Test
    void relativeErrorsOfAProductAddUpAsSquares() {
        Estimate product = new Estimate(10, 7, 13).times(new Estimate(2, 1.2, 2.8));
        assertThat(product.value()).isEqualTo(20);
        assertThat(product.high()).isEqualTo(30);
        assertThat(product.low()).isEqualTo(10);
    }
}
