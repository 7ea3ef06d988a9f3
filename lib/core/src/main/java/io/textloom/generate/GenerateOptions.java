package io.textloom.generate;

import java.io.Serializable;

/**
 * What the generate job does with its prompts.
 *
 * @param sampling how prompts that do not say otherwise are completed
 * @param maxNewTokensColumn column with each row's own longest completion, null where it has none; empty for no such column
 * @param longPrompts what happens to a prompt that leaves no room for its completion
 */
public record GenerateOptions(
        SamplingOptions sampling, String maxNewTokensColumn, LongPrompts longPrompts, EngineOptions engine)
        implements Serializable {
    public GenerateOptions {
        sampling.requireBeams(engine.slots());
    }
}
