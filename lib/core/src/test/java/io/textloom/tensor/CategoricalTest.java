package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CategoricalTest {
    @Test
    void picksFollowTheWeights() {
        Categorical c = new Categorical(4);
        float half = (float) Math.log(0.5);
        assertThat(c.set(new float[] {half, 0, Float.NEGATIVE_INFINITY, half}, 4))
                .isTrue();
        assertThat(c.pick(0)).isZero();
        assertThat(c.pick(0.2499)).isZero();
        assertThat(c.pick(0.2501)).isEqualTo(1);
        assertThat(c.pick(0.7499)).isEqualTo(1);
        assertThat(c.pick(0.7501)).isEqualTo(3);
        assertThat(c.pick(Math.nextDown(1.0))).isEqualTo(3);
    }

    @Test
    void drawsFromManyBlocksFallWhereTheSharesLie() {
        int n = 5003;
        SplittableRandom random = new SplittableRandom(4);
        float[] logits = new float[n];
        double[] ends = new double[n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            logits[i] = i % 7 == 0 ? Float.NEGATIVE_INFINITY : (float) (random.nextDouble() * 9);
            total += Math.exp(logits[i]);
            ends[i] = total;
        }
        Categorical c = new Categorical(n);
        assertThat(c.set(logits, n)).isTrue();
        for (int draw = 0; draw < 20_000; draw++) {
            double u = random.nextDouble();
            int id = c.pick(u);
            assertThat(id % 7).isNotZero();
            assertThat(u * total).isBetween(ends[id - 1] - 1e-6 * total, ends[id] + 1e-6 * total);
        }
        assertThat(c.pick(Math.nextDown(1.0))).isEqualTo(n - 1);
    }

    @Test
    void theLikeliestWeighAsTheyDoAmongAll() {
        int n = 600;
        SplittableRandom random = new SplittableRandom(5);
        float[] logits = new float[n];
        for (int i = 0; i < n; i++) {
            logits[i] = (float) (random.nextDouble() * 12);
        }
        double[] all = new double[n];
        double[] likeliest = new double[n];
        Categorical c = new Categorical(n);
        c.set(logits.clone(), n);
        c.probabilities(all);
        c.set(logits, n, new TopK(9, n));
        c.probabilities(likeliest);
        double share = 0;
        int kept = 0;
        for (int i = 0; i < n; i++) {
            share += likeliest[i] > 0 ? all[i] : 0;
            kept += likeliest[i] > 0 ? 1 : 0;
        }
        assertThat(kept).isEqualTo(9);
        for (int i = 0; i < n; i++) {
            if (likeliest[i] > 0) {
                assertThat(likeliest[i]).isCloseTo(all[i] / share, within(1e-10));
            }
        }
    }

    @Test
    void aFlatDistributionKeepsItsShare() {
        int n = 1000;
        Categorical c = new Categorical(n);
        for (double p : new double[] {1e-9, 0.2995, 0.9995, Math.nextDown(1.0)}) {
            c.set(new float[n], n);
            c.keepShare(p);
            double[] probabilities = new double[n];
            c.probabilities(probabilities);
            int expected = (int) Math.ceil(p * n);
            for (int i = 0; i < n; i++) {
                assertThat(probabilities[i]).isCloseTo(i < expected ? 1.0 / expected : 0, within(1e-12));
            }
        }
    }

    @Test
    void whatIsNoDistributionIsSaid() {
        Categorical c = new Categorical(3);
        float none = Float.NEGATIVE_INFINITY;
        assertThat(c.set(new float[] {none, none, none}, 3)).isFalse();
        assertThat(c.set(new float[] {1, Float.NaN, 2}, 3)).isFalse();
        assertThat(c.set(new float[] {1, Float.POSITIVE_INFINITY, 2}, 3)).isFalse();
        assertThat(c.set(new float[] {none, none, none}, 3, new TopK(2, 3))).isFalse();
        assertThat(c.set(new float[] {1, none, none}, 3, new TopK(2, 3))).isTrue();
        assertThat(c.pick(0.99)).isZero();
    }
}
