package io.textloom.generate;

import io.textloom.tensor.Precision;
import java.io.Serializable;

/**
 * How an opened model decodes; the same for all its prompts.
 *
 * @param precision in which numbers the model computes
 * @param slots rows decoded together; fixed, so that a row's arithmetic does not depend on its mates
 * @param kvMemory most memory of an executor for keys and values, the prefix cache included; 0 for a quarter of the machine's; unit: MiB
 * @param prefixCache whether the beginning that prompts share is computed once
 */
public record EngineOptions(Precision precision, int slots, int kvMemory, boolean prefixCache) implements Serializable {
    /** What suits most runs. */
    public static final EngineOptions DEFAULT = new EngineOptions(Precision.FLOAT32, 32, 0, true);

    public EngineOptions {
        SamplingOptions.require(slots >= 1, "generate.slots", slots, "at least 1");
        SamplingOptions.require(
                kvMemory >= 0, "generate.kvMemory", kvMemory, "0 (a quarter of the machine's) or more MiB");
    }
}
