package io.textloom.spark.stage;

/** Which kind of device tasks run their models on. */
public enum DeviceChoice {
    /** The GPU that Spark gave the task, else the CPU. */
    AUTO,
    CPU,
    /** A GPU: the one that Spark gave the task, or card 0 as the process sees them where Spark gives none. */
    CUDA
}
