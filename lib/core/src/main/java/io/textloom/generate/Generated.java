package io.textloom.generate;

import java.util.List;
import java.util.Optional;

/**
 * One completion.
 *
 * @param sampleIndex counted from 0
 * @param samples given for the prompt; fewer than asked for where beam search finds no more
 * @param prompt as given
 * @param completion without the end token or the stop string
 * @param promptTokens given to the model
 * @param completionTokens made by the model, the end token and those of a stop string included
 * @param nDropped tokens cut from the start of the prompt
 * @param logprob natural logarithm of the probability of the completion tokens, at temperature 1 and before top-k and top-p
 * @param seed the row's own
 * @param tokens the completion's tokens one by one, where {@link SamplingOptions#logprobs} asks for them
 */
public record Generated(
        long tag,
        int sampleIndex,
        int samples,
        String prompt,
        String completion,
        int promptTokens,
        int completionTokens,
        int nDropped,
        FinishReason finishReason,
        double logprob,
        long seed,
        Optional<List<TokenLogprob>> tokens)
        implements GenerateOutcome {
    /** Whether it is the last one of its prompt. */
    public boolean isLast() {
        return sampleIndex == samples - 1;
    }

    Generated numbered(int index, int of) {
        return new Generated(
                tag,
                index,
                of,
                prompt,
                completion,
                promptTokens,
                completionTokens,
                nDropped,
                finishReason,
                logprob,
                seed,
                tokens);
    }
}
