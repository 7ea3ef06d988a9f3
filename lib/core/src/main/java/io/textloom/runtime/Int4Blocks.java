package io.textloom.runtime;

/**
 * Numbers as 4-bit integers around 8 with one scale for each block of {@value #VALUES}. Source: the layout of ONNX Runtime's MatMulNBits; the fit of
 * the scale is least squares.
 */
final class Int4Blocks {
    /** unit: numbers */
    static final int VALUES = 32;
    /** unit: bytes */
    static final int BYTES = VALUES / 2;

    private static final int ZERO = 8;
    private static final int LARGEST = 15;

    private Int4Blocks() {}

    /**
     * @param values {@code values[from, from + 32)} are read
     * @param codes {@code codes[to, to + 16)} are written, the even ones of the numbers in the lower halves
     * @return the scale: a number is about {@code scale * (code - 8)}
     */
    static float quantize(float[] values, int from, byte[] codes, int to) {
        float extreme = 0;
        for (int i = from; i < from + VALUES; i++) {
            extreme = Math.abs(values[i]) > Math.abs(extreme) ? values[i] : extreme;
        }
        // there is one code more below zero than above: the number farthest from zero gets the last of them
        float scale = extreme / -ZERO;
        float fitted = fitted(values, from, scale);
        if (error(values, from, fitted) < error(values, from, scale)) {
            scale = fitted;
        }
        for (int i = 0; i < BYTES; i++) {
            codes[to + i] = (byte) (code(values[from + 2 * i], scale) | code(values[from + 2 * i + 1], scale) << 4);
        }
        return scale;
    }

    /** The scale of least squared error for the codes that another one gives. */
    private static float fitted(float[] values, int from, float scale) {
        double products = 0;
        double squares = 0;
        for (int i = from; i < from + VALUES; i++) {
            int code = code(values[i], scale) - ZERO;
            products += (double) values[i] * code;
            squares += (double) code * code;
        }
        return squares == 0 ? scale : (float) (products / squares);
    }

    private static double error(float[] values, int from, float scale) {
        double sum = 0;
        for (int i = from; i < from + VALUES; i++) {
            double d = values[i] - scale * (code(values[i], scale) - ZERO);
            sum += d * d;
        }
        return sum;
    }

    private static int code(float value, float scale) {
        return scale == 0 ? ZERO : Math.max(0, Math.min(LARGEST, Math.round(value / scale) + ZERO));
    }
}
