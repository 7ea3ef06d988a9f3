package io.textloom.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How token vectors become one vector. Source: Reimers and Gurevych 2019 §3; names as in sentence-transformers. */
public enum Pooling {
    /** Mean over the tokens that are not padding. */
    MEAN,
    /** The vector of the first token. */
    CLS,
    /** The first token's vector through the model's own dense layer and tanh. Source: Devlin et al. 2019. */
    POOLER,
    /** Maximum of each dimension over the tokens that are not padding. */
    MAX,
    /** Sum over the tokens that are not padding, divided by the square root of their number. */
    MEAN_SQRT_LEN,
    /** The vector of the last token that is not padding. */
    LAST;

    public static Optional<Pooling> byName(String name) {
        return Arrays.stream(values())
                .filter(p -> p.toString().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether the vector is a weighted sum of the token vectors, with the weights that {@link #weight} gives. */
    public boolean isWeightedSum() {
        return this == MEAN || this == MEAN_SQRT_LEN || this == LAST;
    }

    /**
     * The weight of a token that is not padding.
     *
     * @param token its place in the row, from 0
     * @param length of the row; unit: tokens
     */
    public float weight(int token, int length) {
        return switch (this) {
            case MEAN -> 1f / length;
            case MEAN_SQRT_LEN -> (float) (1 / Math.sqrt(length));
            case LAST -> token == length - 1 ? 1 : 0;
            case CLS, POOLER, MAX -> throw new IllegalStateException(this + " is no weighted sum");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
