package io.textloom.embed;

import java.util.Optional;

/** The vectors of one window of a text, or of all its windows combined. Owns its array; a reader must not change it. */
public final class ChunkVector {
    private final int chunkIndex;
    private final float[] vector;
    private final int tokens;
    private final int dropped;
    private final int unknown;
    private final Optional<TokenVectors> tokenVectors;

    ChunkVector(
            int chunkIndex, float[] vector, int tokens, int dropped, int unknown, Optional<TokenVectors> tokenVectors) {
        this.chunkIndex = chunkIndex;
        this.vector = vector;
        this.tokens = tokens;
        this.dropped = dropped;
        this.unknown = unknown;
        this.tokenVectors = tokenVectors;
    }

    /** Number of the window within its text, from 0. */
    public int chunkIndex() {
        return chunkIndex;
    }

    /** float[dimensions]; empty where only token vectors were asked for */
    public float[] vector() {
        return vector;
    }

    /** What the vector is made of, special tokens and prompt included; unit: tokens */
    public int tokens() {
        return tokens;
    }

    /** What of the text is behind the last window; unit: tokens */
    public int dropped() {
        return dropped;
    }

    /** What of the window, and of windows that were left out, has no part in a vector, as a table of word vectors does not have it; unit: tokens */
    public int unknown() {
        return unknown;
    }

    public boolean truncated() {
        return dropped > 0;
    }

    /** Where they were asked for. */
    public Optional<TokenVectors> tokenVectors() {
        return tokenVectors;
    }
}
