package io.textloom.generate;

import io.textloom.tensor.Precision;
import java.io.Serializable;

/**
 * What the generate job does with its prompts.
 *
 * @param sampling how prompts that do not say otherwise are completed
 * @param longPrompts what happens to a prompt that leaves no room for its completion
 * @param precision in which numbers the model computes
 * @param slots rows decoded together; fixed for a run, so that a row's arithmetic does not depend on its mates
 * @param kvMemory most memory of an executor for keys and values, the prefix cache included; 0 for a quarter of the machine's; unit: MiB
 * @param prefixCache whether the beginning that prompts share is computed once per executor
 */
public record GenerateOptions(
        SamplingOptions sampling,
        LongPrompts longPrompts,
        Precision precision,
        int slots,
        int kvMemory,
        boolean prefixCache)
        implements Serializable {
    /** Rows decoded together where nothing else is said. */
    public static final int SLOTS = 32;

    public GenerateOptions {
        SamplingOptions.require(slots >= 1, "generate.slots", slots, "at least 1");
        SamplingOptions.require(
                kvMemory >= 0, "generate.kvMemory", kvMemory, "0 (a quarter of the machine's) or more MiB");
        SamplingOptions.require(
                sampling.beams().count() <= slots,
                "generate.beams",
                sampling.beams().count(),
                "at most generate.slots, " + slots);
    }

    /** With what suits most runs. */
    public static GenerateOptions of(SamplingOptions sampling) {
        return new GenerateOptions(sampling, LongPrompts.TRUNCATE, Precision.FLOAT32, SLOTS, 0, true);
    }
}
