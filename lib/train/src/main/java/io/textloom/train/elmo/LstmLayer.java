package io.textloom.train.elmo;

import java.util.Arrays;

/**
 * One layer of one direction over a chunk of steps; its state is carried from chunk to chunk. Gates in the order of PyTorch: input, forget, cell, output. Rows are step-major: row {@code step * batch + stream}. Not safe for concurrent use.
 *
 * <p>Source: Hochreiter and Schmidhuber 1997, with forget gates (Gers et al. 2000) and no peepholes.
 */
final class LstmLayer {
    private final int width;
    private final int batch;
    private final int steps;
    private final Matrix inputWeight;
    private final Matrix stateWeight;
    private final Matrix bias;
    private final Matrix inputGradient;
    private final Matrix stateGradient;
    private final Matrix biasGradient;

    /** [steps * batch, 4 * width]: what the gates are made of, later its gradient. */
    private final Matrix gates;

    private final Matrix[] gatesOfStep;
    /** [steps * batch, width]: the state that each step began with. */
    private final Matrix before;

    private final Matrix[] beforeStep;
    private final Matrix output;
    private final Matrix[] outputOfStep;
    private final Matrix stateStep;

    private final float[] gate;
    private final float[] cell;
    private final float[] squashed;
    private final float[] hidden;
    private final float[] row;
    private final float[] biases;
    private final float[] biasSum;

    /** What the next chunk begins with. */
    final float[] lastHidden;

    final float[] lastCell;

    /** The cells that this chunk began with. */
    private final float[] firstCell;

    private final float[] keptCell;

    LstmLayer(Parameters parameters, Parameters gradients, Shape.Direction direction, int layer, int batch, int steps) {
        this.width = parameters.shape.dimensions();
        this.batch = batch;
        this.steps = steps;
        inputWeight = parameters.get(Shape.inputWeight(direction, layer));
        stateWeight = parameters.get(Shape.stateWeight(direction, layer));
        bias = parameters.get(Shape.bias(direction, layer));
        inputGradient = gradients.get(Shape.inputWeight(direction, layer));
        stateGradient = gradients.get(Shape.stateWeight(direction, layer));
        biasGradient = gradients.get(Shape.bias(direction, layer));
        int rows = steps * batch;
        gates = Matrix.of(rows, Shape.GATES * width);
        before = Matrix.of(rows, width);
        output = Matrix.of(rows, width);
        stateStep = Matrix.of(batch, width);
        gatesOfStep = new Matrix[steps];
        beforeStep = new Matrix[steps];
        outputOfStep = new Matrix[steps];
        for (int t = 0; t < steps; t++) {
            gatesOfStep[t] = gates.rows(t * batch, batch);
            beforeStep[t] = before.rows(t * batch, batch);
            outputOfStep[t] = output.rows(t * batch, batch);
        }
        gate = new float[rows * Shape.GATES * width];
        cell = new float[rows * width];
        squashed = new float[rows * width];
        hidden = new float[batch * width];
        row = new float[batch * Shape.GATES * width];
        biases = new float[Shape.GATES * width];
        biasSum = new float[Shape.GATES * width];
        lastHidden = new float[batch * width];
        lastCell = new float[batch * width];
        firstCell = new float[batch * width];
        keptCell = new float[batch * width];
    }

    /** [steps * batch, width], of the last {@link #forward}. */
    Matrix output() {
        return output;
    }

    /**
     * @param input [steps * batch, width]
     * @param keep by row: 1, or 0 where a document begins, whose state is all zeros
     */
    void forward(Matrix input, float[] keep) {
        gates.productTransposed(input, inputWeight, 0);
        bias.read(biases, 0);
        System.arraycopy(lastCell, 0, firstCell, 0, lastCell.length);
        System.arraycopy(lastHidden, 0, hidden, 0, hidden.length);
        for (int t = 0; t < steps; t++) {
            for (int b = 0; b < batch; b++) {
                scale(hidden, b * width, width, keep[t * batch + b]);
            }
            beforeStep[t].write(hidden, 0);
            gatesOfStep[t].productTransposed(beforeStep[t], stateWeight, 1);
            int at = t * batch * Shape.GATES * width;
            gatesOfStep[t].read(gate, at);
            for (int b = 0; b < batch; b++) {
                step(t, b, keep[t * batch + b]);
            }
            outputOfStep[t].write(hidden, 0);
        }
        System.arraycopy(hidden, 0, lastHidden, 0, hidden.length);
        System.arraycopy(cell, (steps - 1) * batch * width, lastCell, 0, lastCell.length);
    }

    private void step(int t, int b, float keep) {
        int w = width;
        int g = (t * batch + b) * Shape.GATES * w;
        add(gate, g, biases, Shape.GATES * w);
        Squash.sigmoid(gate, g, g + 2 * w);
        Squash.tanh(gate, g + 2 * w, g + 3 * w);
        Squash.sigmoid(gate, g + 3 * w, g + 4 * w);
        int at = (t * batch + b) * w;
        if (t == 0) {
            cells(gate, g, lastCell, b * w, keep, cell, at, w);
        } else {
            cells(gate, g, cell, at - batch * w, keep, cell, at, w);
        }
        System.arraycopy(cell, at, squashed, at, w);
        Squash.tanh(squashed, at, at + w);
        int h = b * w;
        for (int i = 0; i < w; i++) {
            hidden[h + i] = gate[g + 3 * w + i] * squashed[at + i];
        }
    }

    private static void cells(float[] gate, int g, float[] old, int from, float keep, float[] cell, int at, int w) {
        for (int i = 0; i < w; i++) {
            cell[at + i] = gate[g + w + i] * (keep * old[from + i]) + gate[g + i] * gate[g + 2 * w + i];
        }
    }

    /**
     * Of the chunk of the last {@link #forward}; the gradients of its weights are overwritten. Beyond the chunk's first step nothing is blamed (truncated back-propagation through time).
     *
     * @param input as in forward
     * @param errors float[steps * batch * width]: gradients of the outputs
     * @param inputErrors overwritten with the gradients of the input
     */
    void backward(Matrix input, float[] keep, float[] errors, Matrix inputErrors) {
        float[] stateError = hidden;
        Arrays.fill(stateError, 0);
        float[] cellError = keptCell;
        Arrays.fill(cellError, 0);
        Arrays.fill(biasSum, 0);
        for (int t = steps - 1; t >= 0; t--) {
            for (int b = 0; b < batch; b++) {
                int at = (t * batch + b) * width;
                float[] old = t == 0 ? firstCell : cell;
                int from = t == 0 ? b * width : at - batch * width;
                stepBack(at, b, errors, stateError, cellError, old, from, keep[t * batch + b]);
                add(biasSum, 0, row, b * Shape.GATES * width, Shape.GATES * width);
            }
            gatesOfStep[t].write(row, 0);
            if (t > 0) {
                stateStep.product(gatesOfStep[t], stateWeight, 0);
                stateStep.read(stateError, 0);
                for (int b = 0; b < batch; b++) {
                    scale(stateError, b * width, width, keep[t * batch + b]);
                }
            }
        }
        biasGradient.write(biasSum, 0);
        stateGradient.transposedProduct(gates, before, 0);
        inputGradient.transposedProduct(gates, input, 0);
        inputErrors.product(gates, inputWeight, 0);
    }

    private void stepBack(
            int at, int b, float[] errors, float[] stateError, float[] cellError, float[] old, int from, float keep) {
        int w = width;
        int g = at * Shape.GATES;
        int r = b * Shape.GATES * w;
        int s = b * w;
        for (int i = 0; i < w; i++) {
            float in = gate[g + i];
            float forget = gate[g + w + i];
            float update = gate[g + 2 * w + i];
            float out = gate[g + 3 * w + i];
            float tanh = squashed[at + i];
            float dh = errors[at + i] + stateError[s + i];
            float dc = cellError[s + i] + dh * out * (1 - tanh * tanh);
            row[r + i] = dc * update * in * (1 - in);
            row[r + w + i] = dc * (keep * old[from + i]) * forget * (1 - forget);
            row[r + 2 * w + i] = dc * in * (1 - update * update);
            row[r + 3 * w + i] = dh * tanh * out * (1 - out);
            cellError[s + i] = dc * forget * keep;
        }
    }

    private static void add(float[] to, int at, float[] values, int length) {
        add(to, at, values, 0, length);
    }

    private static void add(float[] to, int at, float[] values, int from, int length) {
        for (int i = 0; i < length; i++) {
            to[at + i] += values[from + i];
        }
    }

    private static void scale(float[] values, int at, int length, float factor) {
        for (int i = 0; i < length; i++) {
            values[at + i] *= factor;
        }
    }

    /** Forgets what the chunks before have left. */
    void reset() {
        Arrays.fill(lastHidden, 0);
        Arrays.fill(lastCell, 0);
    }
}
