package io.textloom.tensor;

/** In which numbers a model computes. */
public enum Precision {
    FLOAT32,
    /** Weights as 8-bit integers per output channel, inputs of the products as 8-bit integers per token, all else float32. */
    INT8,
    /** Weights as 4-bit integers with a scale for some that lie together, all else as {@link #INT8}; for decoders. */
    INT4,
    /** Half precision, on devices that compute in it. */
    FLOAT16
}
