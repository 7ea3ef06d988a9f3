package io.textloom.generate;

import java.io.Serializable;

/**
 * Beam search. Source: Freitag and Al-Onaizan 2017; lengths as in Hugging Face transformers.
 *
 * @param count beams kept; 1 for no beam search
 * @param lengthPenalty exponent of the length that a finished beam's log-probability is divided by
 * @param earlyStopping end as soon as {@code count} beams have finished
 */
public record BeamOptions(int count, double lengthPenalty, boolean earlyStopping) implements Serializable {
    public static final BeamOptions NONE = new BeamOptions(1, 1, false);

    public BeamOptions {
        SamplingOptions.require(count >= 1, "generate.beams", count, "at least 1");
        SamplingOptions.require(
                Math.abs(lengthPenalty) < 1e3, "generate.lengthPenalty", lengthPenalty, "a finite number");
    }
}
