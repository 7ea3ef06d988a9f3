package io.textloom.spark.ml;

/** As what a vector stands in its column. */
public enum OutputType {
    /** As the embed job writes it: {@code array<float>}, or what the stored type asks for. */
    ARRAY,
    /** MLlib's own vector of doubles, which its estimators take. */
    VECTOR
}
