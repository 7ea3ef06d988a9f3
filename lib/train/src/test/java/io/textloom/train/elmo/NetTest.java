package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NetTest {
    private static final Shape SHAPE = new Shape(13, 4);
    private static final int BATCH = 3;
    private static final int STEPS = 5;

    @Test
    void gradientsAreThoseOfTheLoss() {
        Random random = new Random(5);
        Parameters parameters = parameters(random);
        LanguageModel model = new LanguageModel(parameters, Shape.Direction.FORWARD, 0, BATCH, STEPS);
        Chunk chunk = chunk(random);
        model.learn(chunk, 1);
        float[] gradient = read(model.gradients());
        float[] weights = read(parameters);
        float step = 0.01f;
        for (Shape.Part part : SHAPE.parts()) {
            for (int i = 0; i < 8; i++) {
                int at = (int) (part.offset() + random.nextInt((int) part.size()));
                float before = weights[at];
                double slope = (loss(model, chunk, parameters, weights, at, before + step)
                                - loss(model, chunk, parameters, weights, at, before - step))
                        / (2 * step);
                weights[at] = before;
                assertThat((double) gradient[at]).as(part.name() + " " + at).isCloseTo(slope, within(2e-4));
            }
        }
        parameters.all().write(weights, 0);
    }

    @Test
    void threadsChangeNothing() {
        assertThat(afterSteps(1, 0.3f)).isEqualTo(afterSteps(2, 0.3f));
    }

    @Test
    void aNetThatTakesOverGoesOnWithTheSameBits() {
        Random random = new Random(9);
        try (Net first = net(1, 0.2f);
                Net second = net(1, 0.2f)) {
            first.parameters.initialise(3);
            Chunk[] chunks = {chunk(random), chunk(random), chunk(random), chunk(random)};
            first.learn(chunks[0], chunks[1], 0, 0.01, 11);
            second.take(first.values());
            first.learn(chunks[2], chunks[3], 1, 0.01, 12);
            second.learn(chunks[2], chunks[3], 1, 0.01, 12);
            assertThat(read(second.parameters)).isEqualTo(read(first.parameters));
        }
    }

    @Test
    void itLearnsWhatFollows() {
        try (Net net = net(1, 0)) {
            net.parameters.initialise(3);
            Random random = new Random(1);
            double first = 0;
            double last = 0;
            for (int step = 0; step < 300; step++) {
                last = net.learn(chunk(random), chunk(random), step, 0.02, step).mean();
                first = step == 0 ? last : first;
            }
            assertThat(first).isGreaterThan(2.3);
            assertThat(last).isLessThan(0.2);
        }
    }

    private static float[] afterSteps(int threads, float dropout) {
        Random random = new Random(2);
        try (Net net = net(threads, dropout)) {
            net.parameters.initialise(4);
            for (int step = 0; step < 3; step++) {
                net.learn(chunk(random), chunk(random), step, 0.01, step);
            }
            return read(net.parameters);
        }
    }

    private static Net net(int threads, float dropout) {
        return new Net(SHAPE, dropout, 1, BATCH, STEPS, threads);
    }

    /** Each token is followed by the one of thrice its number, and one more. */
    private static Chunk chunk(Random random) {
        Chunk chunk = new Chunk(BATCH, STEPS);
        for (int row = 0; row < chunk.rows(); row++) {
            int id = random.nextInt(SHAPE.vocabulary());
            boolean last = random.nextInt(6) == 0;
            chunk.put(row, id, last ? Chunk.NOTHING : (3 * id + 1) % SHAPE.vocabulary(), random.nextInt(4) == 0);
        }
        return chunk;
    }

    private static Parameters parameters(Random random) {
        Parameters parameters = new Parameters(SHAPE);
        float[] values = new float[(int) SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        parameters.all().write(values, 0);
        return parameters;
    }

    private static double loss(
            LanguageModel model, Chunk chunk, Parameters parameters, float[] weights, int at, float value) {
        weights[at] = value;
        parameters.all().write(weights, 0);
        model.reset();
        return model.loss(chunk).sum() / chunk.rows();
    }

    private static float[] read(Parameters parameters) {
        float[] values = new float[(int) SHAPE.size()];
        parameters.all().read(values, 0);
        return values;
    }
}
