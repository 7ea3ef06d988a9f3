package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogitsTest {
    @Test
    void argmaxTakesTheFirstOfEquals() {
        assertThat(Logits.argmax(new float[] {-3, 2, 1, 2}, 4)).isEqualTo(1);
        assertThat(Logits.argmax(new float[] {-3, -3}, 2)).isZero();
        assertThat(Logits.argmax(new float[] {Float.NaN, -5, Float.NaN, -4}, 4)).isEqualTo(3);
    }

    @Test
    void expIsAsGoodAsAPartInAHundredBillion() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200_000; i++) {
            double x = -random.nextDouble() * (i % 2 == 0 ? 1 : 64);
            double expected = StrictMath.exp(x);
            assertThat(Math.abs(Logits.exp(x) - expected) / expected)
                    .as("exp(%s)", x)
                    .isLessThanOrEqualTo(1e-11);
        }
        assertThat(Logits.exp(0)).isEqualTo(1);
    }

    @Test
    void whatIsFarBelowTheLargestWeighsNothing() {
        float[] logits = {3, -70, Float.NEGATIVE_INFINITY, 3 - 50, 3};
        double[] weights = new double[5];
        Logits.weigh(logits, 5, 3, weights);
        assertThat(weights[0]).isEqualTo(1);
        assertThat(weights[1]).isZero();
        assertThat(weights[2]).isZero();
        assertThat(weights[3]).isCloseTo(Math.exp(-50), withinPercentage(1e-4));
        assertThat(weights[4]).isEqualTo(1);
    }

    @Test
    void logSumExpIsThatOfItsDefinition() {
        float[] logits = new float[77];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (Math.sin(i) * 9 + 100);
            sum += Math.exp(logits[i] - 100);
        }
        assertThat(Logits.logSumExp(logits, 77, new double[77])).isCloseTo(100 + Math.log(sum), within(1e-10));
        logits[5] = Float.NEGATIVE_INFINITY;
        assertThat(Logits.logSumExp(logits, 77, new double[77])).isFinite();
        logits[5] = Float.NaN;
        assertThat(Logits.logSumExp(logits, 77, new double[77])).isNaN();
    }
}
