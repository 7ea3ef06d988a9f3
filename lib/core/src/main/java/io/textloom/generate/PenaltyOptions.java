package io.textloom.generate;

import java.io.Serializable;

/**
 * What makes repetition less likely.
 *
 * @param repetition logits of tokens in the prompt or completion are divided by it where positive and multiplied where negative; 1 for none. Source: Keskar et al. 2019
 * @param presence subtracted from the logit of every token in the completion; 0 for none
 * @param frequency subtracted from a token's logit once for each time it is in the completion; 0 for none
 * @param noRepeatNgram length of token sequences that may not occur twice in prompt and completion; 0 for none; unit: tokens
 */
public record PenaltyOptions(double repetition, double presence, double frequency, int noRepeatNgram)
        implements Serializable {
    public static final PenaltyOptions NONE = new PenaltyOptions(1, 0, 0, 0);

    public PenaltyOptions {
        SamplingOptions.require(
                repetition > 0 && repetition < 1e6, "generate.repetitionPenalty", repetition, "above 0; 1 for none");
        SamplingOptions.require(
                Math.abs(presence) < 1e6, "generate.presencePenalty", presence, "a finite number; 0 for none");
        SamplingOptions.require(
                Math.abs(frequency) < 1e6, "generate.frequencyPenalty", frequency, "a finite number; 0 for none");
        SamplingOptions.require(noRepeatNgram >= 0, "generate.noRepeatNgram", noRepeatNgram, "0 (off) or more");
    }
}
