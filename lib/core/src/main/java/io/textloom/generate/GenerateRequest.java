package io.textloom.generate;

import io.textloom.text.Rejection;
import java.util.Optional;

/**
 * One prompt.
 *
 * @param tag the caller's own, handed back with the outcome
 * @param id the row's stable id, from which its random draws are derived
 * @param sampling this row's own way to be completed; empty for the generator's
 * @param refusal why nothing is completed: it takes its place among the outcomes; empty for a prompt
 */
public record GenerateRequest(
        long tag, String id, Prompt prompt, Optional<SamplingOptions> sampling, Optional<Rejection> refusal) {
    public GenerateRequest(long tag, String id, Prompt prompt, Optional<SamplingOptions> sampling) {
        this(tag, id, prompt, sampling, Optional.empty());
    }

    /** A text, completed as the generator's options say. */
    public GenerateRequest(long tag, String id, String text) {
        this(tag, id, Prompt.of(text), Optional.empty());
    }

    /** A row of which no prompt can be made. */
    public static GenerateRequest refused(long tag, String id, Rejection why) {
        return new GenerateRequest(tag, id, Prompt.of(""), Optional.empty(), Optional.of(why));
    }
}
