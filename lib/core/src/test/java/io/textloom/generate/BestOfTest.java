package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BestOfTest {
    @Test
    void theHighestMeanComesFirstAndTheFirstOfEquals() {
        double[] logprobs = {-6, -2, Double.NaN, -4, -1, Double.NEGATIVE_INFINITY};
        int[] tokens = {3, 2, 1, 2, 1, 7};
        assertThat(BestOf.order(logprobs, tokens)).containsExactly(1, 4, 0, 3, 5, 2);
        assertThat(BestOf.order(new double[0], new int[0])).isEmpty();
    }
}
