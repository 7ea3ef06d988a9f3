package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class LstmLayerTest {
    private static final int WIDTH = 5;
    private static final int BATCH = 3;
    private static final int STEPS = 7;
    private static final int ROWS = BATCH * STEPS;
    private static final float TOLERANCE = 1e-5f;

    /** Deeplearning4j's order of gates is cell, forget, output, input. */
    private static final int[] OF_DEEPLEARNING4J = {3, 1, 0, 2};

    private final Shape shape = new Shape(11, WIDTH);
    private final Parameters parameters = new Parameters(shape);
    private final Parameters gradients = new Parameters(shape);
    private final Random random = new Random(7);
    private final float[] input = randoms(ROWS * WIDTH);
    private final float[] errors = randoms(ROWS * WIDTH);

    LstmLayerTest() {
        for (Shape.Part part : shape.parts()) {
            parameters.get(part.name()).write(randoms((int) part.size()), 0);
        }
    }

    @Test
    void outputsAndGradientsEqualDeeplearning4js() {
        LstmLayer layer = layer(STEPS);
        Matrix in = matrix(input, ROWS);
        layer.forward(in, ones(ROWS));
        Matrix inputErrors = Matrix.of(ROWS, WIDTH);
        layer.backward(in, ones(ROWS), errors, inputErrors);

        Layer judge = judge();
        INDArray theirs = judge.activate(byTime(input), false, LayerWorkspaceMgr.noWorkspaces());
        judge.setInput(byTime(input), LayerWorkspaceMgr.noWorkspaces());
        Pair<Gradient, INDArray> back = judge.backpropGradient(byTime(errors), LayerWorkspaceMgr.noWorkspaces());

        assertThat(read(layer.output())).containsExactly(byRow(theirs), within(TOLERANCE));
        assertThat(read(inputErrors)).containsExactly(byRow(back.getSecond()), within(TOLERANCE));
        Gradient gradient = back.getFirst();
        assertThat(read(gradients.get(name("weight_ih"))))
                .containsExactly(ofDeeplearning4j(gradient.getGradientFor("W")), within(TOLERANCE));
        assertThat(read(gradients.get(name("weight_hh"))))
                .containsExactly(ofDeeplearning4j(gradient.getGradientFor("RW")), within(TOLERANCE));
        assertThat(read(gradients.get(name("bias"))))
                .containsExactly(ofDeeplearning4j(gradient.getGradientFor("b")), within(TOLERANCE));
    }

    @Test
    void aSequenceInTwoChunksGivesTheSameOutputs() {
        LstmLayer whole = layer(STEPS);
        whole.forward(matrix(input, ROWS), ones(ROWS));
        LstmLayer parts = layer(1);
        float[] step = new float[BATCH * WIDTH];
        float[] found = new float[input.length];
        for (int t = 0; t < STEPS; t++) {
            System.arraycopy(input, t * step.length, step, 0, step.length);
            parts.forward(matrix(step, BATCH), ones(BATCH));
            parts.output().read(found, t * step.length);
        }
        assertThat(found).containsExactly(read(whole.output()), within(1e-6f));
    }

    @Test
    void aDocumentKnowsNothingOfTheOneBefore() {
        float[] keep = ones(ROWS);
        int begins = 4;
        keep[begins * BATCH + 1] = 0;
        LstmLayer layer = layer(STEPS);
        layer.forward(matrix(input, ROWS), keep);
        float[] found = read(layer.output());

        float[] otherPast = input.clone();
        for (int t = 0; t < begins; t++) {
            Arrays.fill(otherPast, (t * BATCH + 1) * WIDTH, (t * BATCH + 2) * WIDTH, 0.3f);
        }
        layer.reset();
        layer.forward(matrix(otherPast, ROWS), keep);
        float[] other = read(layer.output());
        int row = (begins * BATCH + 1) * WIDTH;
        assertThat(Arrays.copyOfRange(other, row, row + WIDTH)).isEqualTo(Arrays.copyOfRange(found, row, row + WIDTH));
        row -= BATCH * WIDTH;
        assertThat(Arrays.copyOfRange(other, row, row + WIDTH))
                .isNotEqualTo(Arrays.copyOfRange(found, row, row + WIDTH));
    }

    private LstmLayer layer(int steps) {
        return new LstmLayer(parameters, gradients, Shape.Direction.FORWARD, 0, BATCH, steps);
    }

    private Layer judge() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new LSTM.Builder()
                        .nIn(WIDTH)
                        .nOut(WIDTH)
                        .activation(Activation.TANH)
                        .build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nIn(WIDTH)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(WIDTH))
                .build());
        network.init();
        network.initGradientsView();
        Layer layer = network.getLayer(0);
        layer.setParam("W", forDeeplearning4j("weight_ih"));
        layer.setParam("RW", forDeeplearning4j("weight_hh"));
        layer.setParam("b", forDeeplearning4j("bias"));
        layer.setInputMiniBatchSize(BATCH);
        return layer;
    }

    private static String name(String weight) {
        return "forward.0." + weight;
    }

    /** [4 * width, in] to [in, 4 * width], gates in the other order. */
    private INDArray forDeeplearning4j(String weight) {
        float[] ours = read(parameters.get(name(weight)));
        int in = ours.length / (4 * WIDTH);
        INDArray theirs = Nd4j.zeros(in, 4 * WIDTH);
        for (int gate = 0; gate < 4; gate++) {
            for (int unit = 0; unit < WIDTH; unit++) {
                for (int i = 0; i < in; i++) {
                    theirs.putScalar(i, OF_DEEPLEARNING4J[gate] * WIDTH + unit, ours[(gate * WIDTH + unit) * in + i]);
                }
            }
        }
        return theirs;
    }

    private static float[] ofDeeplearning4j(INDArray theirs) {
        int in = (int) (theirs.length() / (4 * WIDTH));
        INDArray table = theirs.reshape(in, 4 * WIDTH);
        float[] ours = new float[(int) theirs.length()];
        for (int gate = 0; gate < 4; gate++) {
            for (int unit = 0; unit < WIDTH; unit++) {
                for (int i = 0; i < in; i++) {
                    ours[(gate * WIDTH + unit) * in + i] = table.getFloat(i, OF_DEEPLEARNING4J[gate] * WIDTH + unit);
                }
            }
        }
        return ours;
    }

    /** Step-major rows to Deeplearning4j's [batch, width, steps]. */
    private static INDArray byTime(float[] rows) {
        INDArray found = Nd4j.zeros(BATCH, WIDTH, STEPS);
        for (int i = 0; i < rows.length; i++) {
            found.putScalar(new int[] {i / WIDTH % BATCH, i % WIDTH, i / WIDTH / BATCH}, rows[i]);
        }
        return found;
    }

    private static float[] byRow(INDArray byTime) {
        float[] rows = new float[(int) byTime.length()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = byTime.getFloat(i / WIDTH % BATCH, i % WIDTH, i / WIDTH / BATCH);
        }
        return rows;
    }

    private static Matrix matrix(float[] values, int rows) {
        Matrix matrix = Matrix.of(rows, WIDTH);
        matrix.write(values, 0);
        return matrix;
    }

    private static float[] read(Matrix matrix) {
        float[] values = new float[matrix.rows * matrix.columns];
        matrix.read(values, 0);
        return values;
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private float[] randoms(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }
}
