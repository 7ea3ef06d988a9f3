package io.textloom.embed;

import io.textloom.text.Rejection;
import java.util.Optional;

/** What the model gave for one window: its vectors or the reason why there are none. Owns its arrays; a reader must not change them. */
public final class WindowVectors {
    private static final float[] NOTHING = new float[0];

    private final float[] vector;
    private final float[] tokens;
    private final Optional<Rejection> rejection;

    /**
     * @param vector float[dimensions], or empty
     * @param tokens float[tokens * dimensions], or empty
     */
    public WindowVectors(float[] vector, float[] tokens) {
        this.vector = vector;
        this.tokens = tokens;
        this.rejection = Optional.empty();
    }

    /** A window that the model failed on. */
    public WindowVectors(Rejection rejection) {
        this.vector = NOTHING;
        this.tokens = NOTHING;
        this.rejection = Optional.of(rejection);
    }

    public float[] vector() {
        return vector;
    }

    public float[] tokens() {
        return tokens;
    }

    public Optional<Rejection> rejection() {
        return rejection;
    }
}
