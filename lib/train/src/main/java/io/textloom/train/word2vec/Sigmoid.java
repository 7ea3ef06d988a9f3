package io.textloom.train.word2vec;

/** The logistic function from a table, as exact as a step of training needs it. */
final class Sigmoid {
    /** Beyond it the value is taken for 0 or 1. */
    static final float LIMIT = 8;

    private static final int PER_UNIT = 256;
    private static final float[] TABLE = table();

    private Sigmoid() {}

    private static float[] table() {
        float[] table = new float[(int) (2 * LIMIT * PER_UNIT)];
        for (int i = 0; i < table.length; i++) {
            double x = (i + 0.5) / PER_UNIT - LIMIT;
            table[i] = (float) (1 / (1 + Math.exp(-x)));
        }
        return table;
    }

    static float of(float x) {
        if (x >= LIMIT) {
            return 1;
        }
        if (x <= -LIMIT) {
            return 0;
        }
        return TABLE[Math.min(TABLE.length - 1, (int) ((x + LIMIT) * PER_UNIT))];
    }

    /** {@code -log(sigmoid(x))}, exactly. */
    static double negativeLog(float x) {
        return x > 0 ? Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)) - x;
    }
}
