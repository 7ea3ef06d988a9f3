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
    /** Maximum of each dimension over the tokens that are not padding. */
    MAX;

    public static Optional<Pooling> byName(String name) {
        return Arrays.stream(values())
                .filter(p -> p.name().equalsIgnoreCase(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
