package io.textloom.classify;

import io.textloom.text.Rejection;
import java.util.Optional;

/** The vectors of one text, or the reason why there are none. Owns its arrays; a reader must not change them. */
public final class FrozenText {
    private static final float[] NOTHING = new float[0];
    private static final int[] NONE = new int[0];

    private final float[] vector;
    private final float[] tokenVectors;
    private final int[] ids;
    private final int[] starts;
    private final int[] ends;
    private final int tokens;
    private final int dropped;
    private final Optional<Rejection> rejection;

    FrozenText(
            float[] vector,
            float[] tokenVectors,
            int[] ids,
            int[] starts,
            int[] ends,
            int tokens,
            int dropped,
            Optional<Rejection> rejection) {
        this.vector = vector;
        this.tokenVectors = tokenVectors;
        this.ids = ids;
        this.starts = starts;
        this.ends = ends;
        this.tokens = tokens;
        this.dropped = dropped;
        this.rejection = rejection;
    }

    static FrozenText rejected(Rejection rejection) {
        return new FrozenText(NOTHING, NOTHING, NONE, NONE, NONE, 0, 0, Optional.of(rejection));
    }

    public Optional<Rejection> rejection() {
        return rejection;
    }

    /** float[dimensions] */
    public float[] vector() {
        return vector;
    }

    /** float[size * dimensions], row-major; empty unless token vectors were asked for */
    public float[] tokenVectors() {
        return tokenVectors;
    }

    /** Tokens of the text with a vector, special ones not among them; unit: tokens */
    public int size() {
        return ids.length;
    }

    public int id(int token) {
        return ids[token];
    }

    /** First character of a token; unit: code points */
    public int start(int token) {
        return starts[token];
    }

    /** One past the last character; unit: code points */
    public int end(int token) {
        return ends[token];
    }

    /** What the model saw, special tokens included, overlaps counted each time; unit: tokens */
    public int tokens() {
        return tokens;
    }

    /** What of the text no window holds; unit: tokens */
    public int dropped() {
        return dropped;
    }
}
