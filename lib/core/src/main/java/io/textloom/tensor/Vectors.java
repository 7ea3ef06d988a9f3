package io.textloom.tensor;

/** Vector maths on flat {@code float[]}. */
public final class Vectors {
    private Vectors() {}

    /** Scales {@code vectors[from .. from + length)} to length 1 in place; a zero vector stays as it is. */
    public static void normalize(float[] vectors, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += (double) vectors[i] * vectors[i];
        }
        if (sum > 0) {
            double scale = 1 / Math.sqrt(sum);
            for (int i = from; i < from + length; i++) {
                vectors[i] = (float) (vectors[i] * scale);
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
