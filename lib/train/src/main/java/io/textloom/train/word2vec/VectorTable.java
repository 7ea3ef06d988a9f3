package io.textloom.train.word2vec;

import java.util.Arrays;

/**
 * The parameters: of each word its vector, and the weights by which it is foretold. Row-major float[words * dimensions], shared by all threads without locks, as Hogwild does: Niu et al. 2011.
 */
final class VectorTable {
    final int words;
    final int dimensions;
    final float[] input;
    final float[] output;

    /** @throws IllegalArgumentException if there are more numbers than an array holds */
    VectorTable(int words, int dimensions) {
        if ((long) words * dimensions > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("train.dimensions is " + dimensions + " for " + words
                    + " words; expected at most " + (Integer.MAX_VALUE - 8)
                    + " numbers together, raise train.minCount or set train.maxWords");
        }
        this.words = words;
        this.dimensions = dimensions;
        input = new float[words * dimensions];
        output = new float[words * dimensions];
    }

    /** As the released word2vec begins: vectors evenly spread around 0, weights 0. */
    void initialise(long seed) {
        for (int word = 0; word < words; word++) {
            Draws draws = new Draws(Draws.seed(seed, -1, word));
            for (int d = 0; d < dimensions; d++) {
                input[word * dimensions + d] = (draws.fraction() - 0.5f) / dimensions;
            }
        }
        Arrays.fill(output, 0);
    }
}
