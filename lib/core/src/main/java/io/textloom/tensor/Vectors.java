package io.textloom.tensor;

/** Vector maths on flat {@code float[]}. */
public final class Vectors {
    private Vectors() {}

    /** Scales to length 1 in place; a zero vector stays as it is. */
    public static void normalize(float[] vector) {
        double sum = 0;
        for (float v : vector) {
            sum += (double) v * v;
        }
        if (sum > 0) {
            double scale = 1 / Math.sqrt(sum);
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) (vector[i] * scale);
            }
        }
    }

    /** Whether no component is NaN or infinite. */
    public static boolean isFinite(float[] vector) {
        float zero = 0;
        for (float v : vector) {
            zero += v * 0;
        }
        return zero == 0;
    }
}
