package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerMixTest {
    private static final int COUNT = 6;

    @Test
    void weightsSumToOneAndFindTheLayerThatTellsPairs() {
        Random random = new Random(4);
        LayerMix mix = new LayerMix();
        assertThat(mix.weights()).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-12));
        double first = mix.learn(products(random, 1), COUNT);
        double last = first;
        for (int step = 0; step < 300; step++) {
            last = mix.learn(products(random, 1), COUNT);
        }
        double[] weights = mix.weights();
        assertThat(weights[0] + weights[1] + weights[2]).isCloseTo(1, within(1e-9));
        assertThat(weights[1]).isGreaterThan(0.8);
        assertThat(last).isLessThan(first / 2);
    }

    @Test
    void gradientsAreThoseOfTheLoss() {
        Random random = new Random(8);
        LayerMix mix = new LayerMix();
        for (int step = 0; step < 20; step++) {
            mix.learn(products(random, 2), COUNT);
        }
        double[][][] products = products(random, 2);
        double[] gradient = new double[LayerMix.LAYERS + 1];
        double before = mix.loss(products, COUNT, gradient);
        double step = 1e-6;
        for (int i = 0; i < gradient.length; i++) {
            mix.nudge(i, step);
            double slope = (mix.loss(products, COUNT, new double[gradient.length]) - before) / step;
            mix.nudge(i, -step);
            assertThat(gradient[i]).as("value " + i).isCloseTo(slope, within(1e-4));
        }
    }

    /** Of one layer a half's product with its other half is greater; of the others they are noise. */
    private static double[][][] products(Random random, int telling) {
        double[][][] products = new double[LayerMix.LAYERS][LayerMix.LAYERS][COUNT * COUNT];
        for (int j = 0; j < LayerMix.LAYERS; j++) {
            for (int k = 0; k < LayerMix.LAYERS; k++) {
                for (int i = 0; i < COUNT * COUNT; i++) {
                    boolean pair = i / COUNT == i % COUNT;
                    products[j][k][i] = random.nextGaussian() + (pair && j == telling && k == telling ? 4 : 0);
                }
            }
        }
        return products;
    }
}
