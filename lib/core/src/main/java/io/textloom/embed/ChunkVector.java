package io.textloom.embed;

/** The vector of one window of a document. Owns its array; a reader must not change it. */
public final class ChunkVector {
    private final int chunkIndex;
    private final float[] vector;
    private final int tokens;
    private final int dropped;

    ChunkVector(int chunkIndex, float[] vector, int tokens, int dropped) {
        this.chunkIndex = chunkIndex;
        this.vector = vector;
        this.tokens = tokens;
        this.dropped = dropped;
    }

    /** Number of the window within its document, from 0. */
    public int chunkIndex() {
        return chunkIndex;
    }

    /** float[dimensions] */
    public float[] vector() {
        return vector;
    }

    /** What the model saw, special tokens and prompt included; unit: tokens */
    public int tokens() {
        return tokens;
    }

    /** What of the document no window holds; unit: tokens */
    public int dropped() {
        return dropped;
    }

    public boolean truncated() {
        return dropped > 0;
    }
}
