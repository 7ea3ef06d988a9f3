package io.textloom.train.elmo;

import io.textloom.tensor.CounterRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** All parameters of a net, or their gradients, as one flat array and as matrices in it. */
final class Parameters {
    final Shape shape;
    final INDArray flat;

    /** Zeros. */
    Parameters(Shape shape) {
        this.shape = shape;
        this.flat = Nd4j.zeros(DataType.FLOAT, 1, shape.size());
    }

    Matrix get(String name) {
        Shape.Part part = shape.part(name);
        return Matrix.over(flat, part.offset(), part.rows(), part.columns());
    }

    /** All, as one row. */
    Matrix all() {
        return Matrix.over(flat, 0, 1, Math.toIntExact(shape.size()));
    }

    /** Evenly spread weights; biases 0, but those of forget gates 1, so that a state lasts at first: Jozefowicz et al. 2015. */
    void initialise(long seed) {
        int number = 0;
        for (Shape.Part part : shape.parts()) {
            float[] values = new float[Math.toIntExact(part.size())];
            if (part.rank() == 2) {
                long own = CounterRandom.derive(seed, part.name(), number);
                double reach = part.name().equals(Shape.EMBEDDING) ? 0.5 : 1 / Math.sqrt(part.columns());
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) ((2 * CounterRandom.uniform(own, i) - 1) * reach);
                }
            } else if (!part.name().equals(Shape.SOFTMAX_BIAS)) {
                for (int i = shape.dimensions(); i < 2 * shape.dimensions(); i++) {
                    values[i] = 1;
                }
            }
            get(part.name()).write(values, 0);
            number++;
        }
    }
}
