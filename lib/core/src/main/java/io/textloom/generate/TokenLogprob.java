package io.textloom.generate;

import java.util.List;

/**
 * A token of a completion.
 *
 * @param token as it is spelled
 * @param logprob natural logarithm of its probability, at temperature 1 and before anything else is done to the logits
 * @param top the likeliest tokens in its place
 */
public record TokenLogprob(int id, String token, float logprob, List<Alternative> top) {
    /** A token that could have stood there. */
    public record Alternative(int id, String token, float logprob) {}

    public TokenLogprob {
        top = List.copyOf(top);
    }
}
