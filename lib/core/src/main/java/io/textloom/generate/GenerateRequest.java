package io.textloom.generate;

import java.util.Optional;

/**
 * One prompt.
 *
 * @param tag the caller's own, handed back with the outcome
 * @param id the row's stable id, from which its random draws are derived
 * @param sampling this row's own way to be completed; empty for the generator's
 */
public record GenerateRequest(long tag, String id, Prompt prompt, Optional<SamplingOptions> sampling) {
    /** A text, completed as the generator's options say. */
    public GenerateRequest(long tag, String id, String text) {
        this(tag, id, Prompt.of(text), Optional.empty());
    }
}
