package io.textloom.spark.stage;

import java.io.Serializable;

/**
 * What the models of a job run on.
 *
 * @param providerLibrary file of a CUDA plugin provider on the executors; empty for the provider of the add-on jar
 */
public record DeviceOptions(DeviceChoice device, String providerLibrary) implements Serializable {
    public static final DeviceOptions AUTO = new DeviceOptions(DeviceChoice.AUTO, "");
}
