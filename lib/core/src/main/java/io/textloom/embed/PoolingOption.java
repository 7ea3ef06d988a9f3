package io.textloom.embed;

import io.textloom.tensor.Pooling;

/** A pooling asked for, or the model's own. */
public enum PoolingOption {
    MODEL,
    MEAN,
    CLS,
    MAX;

    public Pooling or(Pooling modelDefault) {
        return this == MODEL ? modelDefault : Pooling.valueOf(name());
    }
}
