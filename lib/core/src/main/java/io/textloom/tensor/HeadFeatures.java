package io.textloom.tensor;

/** What a head sees of one vector, or of two. Source of the four parts of a pair: Conneau et al. 2017. */
public enum HeadFeatures {
    /** {@code u} */
    ALONE(1),
    /** {@code u; v; |u − v|; u · v}, each as long as a vector. */
    PAIR(4),
    /** {@code u; v; u · v}, each as long as a vector. */
    PRODUCT(3);

    private final int parts;

    HeadFeatures(int parts) {
        this.parts = parts;
    }

    /** How many times as long as a vector they are. */
    public int parts() {
        return parts;
    }

    /**
     * @param u the vector {@code u[uFrom .. uFrom + n)}
     * @param v the vector {@code v[vFrom .. vFrom + n)}; ignored by {@link #ALONE}
     * @param out float[{@link #parts} * n] from {@code to} on, overwritten
     */
    public void write(float[] u, int uFrom, float[] v, int vFrom, int n, float[] out, int to) {
        System.arraycopy(u, uFrom, out, to, n);
        if (this == ALONE) {
            return;
        }
        System.arraycopy(v, vFrom, out, to + n, n);
        int at = to + 2 * n;
        if (this == PAIR) {
            for (int i = 0; i < n; i++) {
                out[at + i] = Math.abs(u[uFrom + i] - v[vFrom + i]);
            }
            at += n;
        }
        for (int i = 0; i < n; i++) {
            out[at + i] = u[uFrom + i] * v[vFrom + i];
        }
    }
}
