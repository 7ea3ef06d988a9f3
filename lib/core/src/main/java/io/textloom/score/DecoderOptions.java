package io.textloom.score;

import io.textloom.tensor.Precision;
import java.io.Serializable;

/**
 * How a decoder is opened that scores texts.
 *
 * @param startToken what every text begins with, so that its first token is scored, too: {@value #AUTO} for what the model's folder names, {@value #NONE}, or how
 *     a token is spelled
 * @param maxTokens longest window; 0 for the model's own limit, and at most 2048; unit: tokens
 * @param batchTokens padded size of one batch; 0 for what suits the device; unit: tokens
 */
public record DecoderOptions(String startToken, int maxTokens, Precision precision, int batchTokens)
        implements Serializable {
    public static final String AUTO = "auto";
    public static final String NONE = "none";

    public DecoderOptions {
        if (startToken.isEmpty()) {
            throw new IllegalArgumentException(
                    "score.startToken is empty; expected auto, none or the spelling of a token");
        }
        if (maxTokens < 0) {
            throw new IllegalArgumentException("score.maxTokens is " + maxTokens + "; expected at least 0");
        }
        if (batchTokens < 0) {
            throw new IllegalArgumentException("score.batchTokens is " + batchTokens + "; expected at least 0");
        }
    }

    /** The shipped settings. */
    public static DecoderOptions defaults() {
        return new DecoderOptions(AUTO, 0, Precision.FLOAT32, 0);
    }
}
