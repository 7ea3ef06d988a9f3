package io.textloom.spark.train;

/** How much the rows of each label count in a training. */
public enum ClassWeights {
    /** Each row the same. */
    NONE,
    /** Each label the same in sum. */
    BALANCED
}
