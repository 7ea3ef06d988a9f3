package io.textloom.train.word2vec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.WordEngine;
import io.textloom.spark.train.WordObjective;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextloomLearnerTest {
    private static final long[] COUNTS = {900, 400, 200, 100, 50, 20, 10, 5};
    private static final float RATE = 0.03f;

    /** The definition, in doubles and one number at a time, with the same draws. */
    @ParameterizedTest
    @EnumSource(WordObjective.class)
    void stepsAreThoseOfTheDefinition(WordObjective objective) {
        for (int dimensions : new int[] {1, 13, 100}) {
            TrainWord2VecOptions options = options(objective, dimensions, 0.05);
            VectorTable table = table(dimensions);
            SentenceBlock block = block(40);
            double[] input = doubles(table.input);
            double[] output = doubles(table.output);

            new TextloomLearner(table, COUNTS, options).learn(block, RATE, 99);

            new Definition(options, input, output).learn(block, 99);
            assertThat(table.input).usingComparatorWithPrecision(2e-4f).containsExactly(floats(input));
            assertThat(table.output).usingComparatorWithPrecision(2e-4f).containsExactly(floats(output));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 100, 131})
    void productsOfAnyLengthAreRight(int length) {
        Random random = new Random(length);
        float[] a = new float[length];
        float[] b = new float[length + 3];
        double expected = 0;
        for (int i = 0; i < length; i++) {
            a[i] = random.nextFloat() - 0.5f;
            b[i + 3] = random.nextFloat() - 0.5f;
            expected += (double) a[i] * b[i + 3];
        }
        assertThat((double) Floats.dot(a, b, 3, length)).isCloseTo(expected, within(1e-5));
    }

    private static TrainWord2VecOptions options(WordObjective objective, int dimensions, double sample) {
        return new TrainWord2VecOptions(
                objective,
                WordEngine.TEXTLOOM,
                dimensions,
                4,
                3,
                1,
                0,
                sample,
                RATE,
                0,
                1,
                0,
                1,
                true,
                true,
                100,
                1,
                7);
    }

    private static VectorTable table(int dimensions) {
        VectorTable table = new VectorTable(COUNTS.length, dimensions);
        Random random = new Random(5);
        for (int i = 0; i < table.input.length; i++) {
            table.input[i] = random.nextFloat() - 0.5f;
            table.output[i] = random.nextFloat() - 0.5f;
        }
        return table;
    }

    private static SentenceBlock block(int sentences) {
        Random random = new Random(6);
        SentenceBlock block = new SentenceBlock();
        for (int s = 0; s < sentences; s++) {
            int length = 1 + random.nextInt(9);
            int[] ids = block.room(length);
            for (int i = 0; i < length; i++) {
                ids[block.words() + i] = random.nextInt(COUNTS.length);
            }
            block.added(length);
        }
        return block;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static final class Definition {
        private final TrainWord2VecOptions options;
        private final double[] input;
        private final double[] output;
        private final int d;
        private final Noise noise = new Noise(COUNTS);

        Definition(TrainWord2VecOptions options, double[] input, double[] output) {
            this.options = options;
            this.input = input;
            this.output = output;
            this.d = options.dimensions();
        }

        void learn(SentenceBlock block, long seed) {
            Draws draws = new Draws(seed);
            Thinning thinning = new Thinning(COUNTS, options.sample());
            for (int s = 0; s < block.size(); s++) {
                int[] kept = new int[20];
                int size = thinning.thin(block.ids(), block.start(s), block.end(s), draws, kept);
                for (int i = 0; i < size; i++) {
                    int reach = 1 + draws.below(options.window());
                    int[] near = near(kept, size, i, reach);
                    if (options.objective() == WordObjective.CBOW) {
                        if (near.length > 0) {
                            step(near, kept[i], draws);
                        }
                    } else {
                        for (int word : near) {
                            step(new int[] {word}, kept[i], draws);
                        }
                    }
                }
            }
        }

        private static int[] near(int[] kept, int size, int place, int reach) {
            int from = Math.max(0, place - reach);
            int to = Math.min(size, place + reach + 1);
            int[] near = new int[to - from - 1];
            for (int j = from, n = 0; j < to; j++) {
                if (j != place) {
                    near[n++] = kept[j];
                }
            }
            return near;
        }

        private void step(int[] near, int word, Draws draws) {
            double[] context = new double[d];
            for (int other : near) {
                for (int k = 0; k < d; k++) {
                    context[k] += input[other * d + k] / near.length;
                }
            }
            double[] gradient = new double[d];
            for (int n = 0; n <= options.negative(); n++) {
                int target = n == 0 ? word : noise.draw(draws.next());
                if (n > 0 && target == word) {
                    continue;
                }
                double x = 0;
                for (int k = 0; k < d; k++) {
                    x += context[k] * output[target * d + k];
                }
                double g = ((n == 0 ? 1 : 0) - 1 / (1 + Math.exp(-x))) * RATE;
                for (int k = 0; k < d; k++) {
                    gradient[k] += g * output[target * d + k];
                    output[target * d + k] += g * context[k];
                }
            }
            for (int other : near) {
                for (int k = 0; k < d; k++) {
                    input[other * d + k] += gradient[k];
                }
            }
        }
    }
}
