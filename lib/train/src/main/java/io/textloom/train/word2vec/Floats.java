package io.textloom.train.word2vec;

/** The arithmetic of the inner loops on flat arrays. */
final class Floats {
    private Floats() {}

    /** Eight sums side by side: one alone would wait for itself. The order of the additions is fixed, so that the result is. */
    static float dot(float[] a, float[] b, int at, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i <= length - 8; i += 8) {
            s0 += a[i] * b[at + i];
            s1 += a[i + 1] * b[at + i + 1];
            s2 += a[i + 2] * b[at + i + 2];
            s3 += a[i + 3] * b[at + i + 3];
            s4 += a[i + 4] * b[at + i + 4];
            s5 += a[i + 5] * b[at + i + 5];
            s6 += a[i + 6] * b[at + i + 6];
            s7 += a[i + 7] * b[at + i + 7];
        }
        for (; i < length; i++) {
            s0 += a[i] * b[at + i];
        }
        return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
    }

    static void add(float[] from, int fromAt, float[] to, int toAt, int length) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] += from[fromAt + i];
        }
    }

    /** Both sides of a step in one pass: {@code step += factor * weights}, {@code weights += factor * context}. */
    static void exchange(float factor, float[] weights, int at, float[] context, float[] step, int length) {
        for (int i = 0; i < length; i++) {
            float weight = weights[at + i];
            step[i] += factor * weight;
            weights[at + i] = weight + factor * context[i];
        }
    }

    static void scale(float factor, float[] vector, int length) {
        for (int i = 0; i < length; i++) {
            vector[i] *= factor;
        }
    }
}
