package io.textloom.tensor;

/** In which numbers a model computes. */
public enum Precision {
    FLOAT32,
    /** Weights as 8-bit integers per output channel, inputs of the products as 8-bit integers per token, all else float32. */
    INT8,
    /** Half precision, on devices that compute in it. */
    FLOAT16
}
