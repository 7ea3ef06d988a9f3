package io.textloom.train.elmo;

import java.util.Arrays;

/** Foretells tokens from vectors by a full softmax over the vocabulary, some rows at a time. Not safe for concurrent use. */
final class Softmax {
    /** That are computed together; unit: numbers */
    private static final int BLOCK_NUMBERS = 1 << 20;

    private final int vocabulary;
    private final int blockRows;
    private final Matrix weight;
    private final Matrix bias;
    private final Matrix weightGradient;
    private final Matrix biasGradient;
    private final Matrix scores;
    private final float[] score;
    private final float[] biases;
    private final float[] biasSum;

    Softmax(Parameters parameters, Parameters gradients) {
        vocabulary = parameters.shape.vocabulary();
        blockRows = Math.max(16, BLOCK_NUMBERS / vocabulary);
        weight = parameters.get(Shape.SOFTMAX_WEIGHT);
        bias = parameters.get(Shape.SOFTMAX_BIAS);
        weightGradient = gradients.get(Shape.SOFTMAX_WEIGHT);
        biasGradient = gradients.get(Shape.SOFTMAX_BIAS);
        scores = Matrix.of(blockRows, vocabulary);
        score = new float[blockRows * vocabulary];
        biases = new float[vocabulary];
        biasSum = new float[vocabulary];
    }

    /** @param vectors [rows, width] */
    LossSum loss(Matrix vectors, int[] targets) {
        bias.read(biases, 0);
        double sum = 0;
        long tokens = 0;
        for (int from = 0; from < targets.length; from += blockRows) {
            int rows = Math.min(blockRows, targets.length - from);
            score(vectors, from, rows);
            for (int r = 0; r < rows; r++) {
                int target = targets[from + r];
                if (target != Chunk.NOTHING) {
                    int at = r * vocabulary;
                    float most = shifted(at);
                    float wanted = score[at + target];
                    Squash.exp(score, at, at + vocabulary, most);
                    sum += Math.log(sum(at)) + most - wanted;
                    tokens++;
                }
            }
        }
        return new LossSum(sum, tokens);
    }

    /**
     * The loss, and gradients of {@code scale} times it; those of the weights are overwritten.
     *
     * @param errors [rows, width], overwritten
     */
    LossSum learn(Matrix vectors, int[] targets, float scale, Matrix errors) {
        bias.read(biases, 0);
        Arrays.fill(biasSum, 0);
        double sum = 0;
        long tokens = 0;
        for (int from = 0; from < targets.length; from += blockRows) {
            int rows = Math.min(blockRows, targets.length - from);
            score(vectors, from, rows);
            for (int r = 0; r < rows; r++) {
                int at = r * vocabulary;
                int target = targets[from + r];
                if (target == Chunk.NOTHING) {
                    Arrays.fill(score, at, at + vocabulary, 0);
                    continue;
                }
                float most = shifted(at);
                float wanted = score[at + target];
                Squash.exp(score, at, at + vocabulary, most);
                double all = sum(at);
                sum += Math.log(all) + most - wanted;
                tokens++;
                float share = (float) (scale / all);
                for (int i = 0; i < vocabulary; i++) {
                    score[at + i] *= share;
                }
                score[at + target] -= scale;
                for (int i = 0; i < vocabulary; i++) {
                    biasSum[i] += score[at + i];
                }
            }
            Matrix block = scores.rows(0, rows);
            block.write(score, 0);
            errors.rows(from, rows).product(block, weight, 0);
            weightGradient.transposedProduct(block, vectors.rows(from, rows), from == 0 ? 0 : 1);
        }
        biasGradient.write(biasSum, 0);
        return new LossSum(sum, tokens);
    }

    private void score(Matrix vectors, int from, int rows) {
        Matrix block = scores.rows(0, rows);
        block.productTransposed(vectors.rows(from, rows), weight, 0);
        block.read(score, 0);
    }

    /** Adds the biases; gives the greatest. */
    private float shifted(int at) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < vocabulary; i++) {
            score[at + i] += biases[i];
        }
        for (int i = 0; i < vocabulary; i++) {
            most = Math.max(most, score[at + i]);
        }
        return most;
    }

    /** In four lanes, which a processor adds at the same time. */
    private double sum(int at) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < vocabulary; i += 4) {
            a += score[at + i];
            b += score[at + i + 1];
            c += score[at + i + 2];
            d += score[at + i + 3];
        }
        for (; i < vocabulary; i++) {
            a += score[at + i];
        }
        return (a + b) + (c + d);
    }
}
