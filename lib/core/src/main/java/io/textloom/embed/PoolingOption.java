package io.textloom.embed;

import io.textloom.tensor.Pooling;
import java.util.Optional;

/** A pooling asked for, the model's own, or none. */
public enum PoolingOption {
    MODEL,
    MEAN,
    CLS,
    POOLER,
    MAX,
    MEAN_SQRT_LEN,
    LAST,
    /** Token vectors alone. */
    NONE;

    /** Empty for none. */
    public Optional<Pooling> or(Pooling modelDefault) {
        return switch (this) {
            case MODEL -> Optional.of(modelDefault);
            case NONE -> Optional.empty();
            default -> Optional.of(Pooling.valueOf(name()));
        };
    }
}
