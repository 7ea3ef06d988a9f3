package io.textloom.train.elmo;

import io.textloom.tensor.CounterRandom;
import java.util.Arrays;
import java.util.List;

/**
 * One direction: embeddings, two layers the second of which adds to the first, and the softmax. Its states are carried from chunk to chunk. Not safe for concurrent use.
 */
final class LanguageModel {
    private final Shape shape;
    private final float dropout;
    private final Matrix embedding;
    private final Matrix embeddingGradient;
    private final LstmLayer first;
    private final LstmLayer second;
    private final Softmax softmax;
    private final Parameters gradients;

    private final Matrix firstInput;
    private final Matrix secondInput;
    private final Matrix top;
    private final Matrix errors;

    private final float[] values;
    private final float[] ofFirst;
    private final float[] ofTop;
    private final float[] embeddingSum;

    LanguageModel(Parameters parameters, Shape.Direction direction, float dropout, int batch, int steps) {
        this.shape = parameters.shape;
        this.dropout = dropout;
        gradients = new Parameters(shape);
        embedding = parameters.get(Shape.EMBEDDING);
        embeddingGradient = gradients.get(Shape.EMBEDDING);
        first = new LstmLayer(parameters, gradients, direction, 0, batch, steps);
        second = new LstmLayer(parameters, gradients, direction, 1, batch, steps);
        softmax = new Softmax(parameters, gradients);
        int rows = batch * steps;
        int d = shape.dimensions();
        firstInput = Matrix.of(rows, d);
        secondInput = Matrix.of(rows, d);
        top = Matrix.of(rows, d);
        errors = Matrix.of(rows, d);
        values = new float[rows * d];
        ofFirst = new float[rows * d];
        ofTop = new float[rows * d];
        embeddingSum = new float[shape.vocabulary() * d];
    }

    /** All parameters' gradients of the last {@link #learn}: zeros for the other direction's layers. */
    Parameters gradients() {
        return gradients;
    }

    /** Of the first and the second layer: hidden states and cells, float[batch * dimensions] each; live. */
    List<float[]> states() {
        return List.of(first.lastHidden, first.lastCell, second.lastHidden, second.lastCell);
    }

    void reset() {
        first.reset();
        second.reset();
    }

    LossSum loss(Chunk chunk) {
        forward(chunk, 0, 0);
        return softmax.loss(top, chunk.targets);
    }

    /**
     * The outputs of the layers for every row of a chunk: float[rows * dimensions] each, overwritten.
     */
    void represent(Chunk chunk, float[] embeddings, float[] firstLayer, float[] secondLayer) {
        forward(chunk, 0, 0);
        System.arraycopy(ofFirst, 0, firstLayer, 0, ofFirst.length);
        top.read(secondLayer, 0);
        firstInput.read(embeddings, 0);
    }

    /**
     * Computes the gradients of the mean loss over the rows of a chunk.
     *
     * @param seed of what is dropped
     */
    LossSum learn(Chunk chunk, long seed) {
        forward(chunk, dropout, seed);
        LossSum loss = softmax.learn(top, chunk.targets, 1f / chunk.rows(), errors);
        errors.read(ofTop, 0);
        drop(ofTop, dropout, seed, 2);
        second.backward(secondInput, chunk.keep, ofTop, errors);
        errors.read(values, 0);
        drop(values, dropout, seed, 1);
        for (int i = 0; i < values.length; i++) {
            values[i] += ofTop[i];
        }
        first.backward(firstInput, chunk.keep, values, errors);
        errors.read(values, 0);
        drop(values, dropout, seed, 0);
        blameEmbeddings(chunk);
        return loss;
    }

    private void forward(Chunk chunk, float dropping, long seed) {
        int d = shape.dimensions();
        for (int row = 0; row < chunk.rows(); row++) {
            embedding.readRow(chunk.ids[row], values, row * d);
        }
        drop(values, dropping, seed, 0);
        firstInput.write(values, 0);
        first.forward(firstInput, chunk.keep);
        first.output().read(ofFirst, 0);
        System.arraycopy(ofFirst, 0, values, 0, values.length);
        drop(values, dropping, seed, 1);
        secondInput.write(values, 0);
        second.forward(secondInput, chunk.keep);
        second.output().read(ofTop, 0);
        for (int i = 0; i < ofTop.length; i++) {
            ofTop[i] += ofFirst[i];
        }
        drop(ofTop, dropping, seed, 2);
        top.write(ofTop, 0);
    }

    private void blameEmbeddings(Chunk chunk) {
        int d = shape.dimensions();
        Arrays.fill(embeddingSum, 0);
        for (int row = 0; row < chunk.rows(); row++) {
            int to = chunk.ids[row] * d;
            int from = row * d;
            for (int i = 0; i < d; i++) {
                embeddingSum[to + i] += values[from + i];
            }
        }
        embeddingGradient.write(embeddingSum, 0);
    }

    /** Sets a share of the values to 0 and scales the others up; the same ones for the same seed and place in the net. */
    private static void drop(float[] values, float share, long seed, int place) {
        if (share == 0) {
            return;
        }
        long own = CounterRandom.derive(seed, "", place);
        float scale = 1 / (1 - share);
        for (int i = 0; i < values.length; i++) {
            values[i] *= CounterRandom.uniform(own, i) < share ? 0 : scale;
        }
    }
}
