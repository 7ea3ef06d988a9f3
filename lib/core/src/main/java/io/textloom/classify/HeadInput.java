package io.textloom.classify;

/**
 * What a head sees of one row: items, each with one vector or two. One vector in place of many stands for all of them, as a question does beside the tokens of a text. Owns nothing; a reader must not change it.
 */
public final class HeadInput {
    private static final float[] NOTHING = new float[0];

    private final int items;
    private final float[] u;
    private final float[] v;

    /**
     * @param u float[items * dimensions], or float[dimensions], row-major
     * @param v the same, or empty where items have one vector
     */
    public HeadInput(int items, float[] u, float[] v) {
        this.items = items;
        this.u = u;
        this.v = v;
    }

    /** Items with one vector each. */
    public static HeadInput single(int items, float[] u) {
        return new HeadInput(items, u, NOTHING);
    }

    /** A single item, two vectors. */
    public static HeadInput pair(float[] u, float[] v) {
        return new HeadInput(1, u, v);
    }

    public int items() {
        return items;
    }

    public float[] u() {
        return u;
    }

    public float[] v() {
        return v;
    }

    public boolean isPair() {
        return v.length > 0;
    }
}
