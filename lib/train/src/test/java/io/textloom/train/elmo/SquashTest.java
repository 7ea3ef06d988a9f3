package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SquashTest {
    @Test
    void equalsTheFunctionsOfJava() {
        for (float x = -25; x < 25; x += 0.0137f) {
            float[] values = {9, x, x, x, 9};
            Squash.tanh(values, 1, 2);
            Squash.sigmoid(values, 2, 3);
            Squash.exp(values, 3, 4, 25);
            assertThat((double) values[1]).isCloseTo(Math.tanh(x), within(5e-7));
            assertThat((double) values[2]).isCloseTo(1 / (1 + Math.exp(-x)), within(5e-7));
            assertThat((double) values[3]).isCloseTo(Math.exp(x - 25), Percentage.withPercentage(1e-2));
            assertThat(values[0]).isEqualTo(9);
            assertThat(values[4]).isEqualTo(9);
        }
    }
}
