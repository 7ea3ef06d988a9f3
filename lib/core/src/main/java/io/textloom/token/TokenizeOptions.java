package io.textloom.token;

import java.io.Serializable;

/**
 * What the tokenize job does with each document.
 *
 * @param maxTokens longest sequence, special tokens included, the rest is cut and counted; 0 for no limit; unit: tokens
 * @param specialTokens whether the model's special tokens are put around the text
 */
public record TokenizeOptions(int maxTokens, boolean specialTokens) implements Serializable {
    public TokenizeOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException(
                    "tokenize.maxTokens is " + maxTokens + "; expected 0 (no limit) or a positive number");
        }
    }
}
