package io.textloom.generate;

import java.io.Serializable;

/**
 * What the generate job does with its prompts.
 *
 * @param sampling how prompts that do not say otherwise are completed
 * @param longPrompts what happens to a prompt that leaves no room for its completion
 */
public record GenerateOptions(SamplingOptions sampling, LongPrompts longPrompts, EngineOptions engine)
        implements Serializable {
    public GenerateOptions {
        sampling.requireBeams(engine.slots());
    }
}
