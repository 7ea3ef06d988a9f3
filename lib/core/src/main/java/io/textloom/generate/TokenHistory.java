package io.textloom.generate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one sample holds so far: its prompt and the tokens of its completion. What penalties look up is built when first asked for and kept
 * up to date from then on.
 */
final class TokenHistory {
    /** Room made at first for a completion; unit: tokens. */
    private static final int EXPECTED_COMPLETION = 32;

    /** The first {@link #promptLength} are the prompt; shared by the samples of a request, never changed. */
    final int[] prompt;

    final int promptLength;
    /** Of the sample's draws. */
    final long seed;
    /** The first {@link #count} are the completion; replaced as it grows. */
    int[] completion;

    int count;
    private @Nullable TokenCounts counts;
    private @Nullable NgramIndex ngrams;

    TokenHistory(int[] prompt, int promptLength, long seed) {
        this(prompt, promptLength, seed, new int[EXPECTED_COMPLETION], 0);
    }

    private TokenHistory(int[] prompt, int promptLength, long seed, int[] completion, int count) {
        this.prompt = prompt;
        this.promptLength = promptLength;
        this.seed = seed;
        this.completion = completion;
        this.count = count;
    }

    void add(int token) {
        completionWith(token);
        count++;
    }

    /** The completion as it would be with one more token, without adding it; its length is {@code count + 1}. */
    int[] completionWith(int token) {
        if (count == completion.length) {
            completion = Arrays.copyOf(completion, count * 2);
        }
        completion[count] = token;
        return completion;
    }

    /** The same tokens, which may go on otherwise. */
    TokenHistory copy() {
        return new TokenHistory(prompt, promptLength, seed, completion.clone(), count);
    }

    /** Tokens of prompt and completion. */
    int length() {
        return promptLength + count;
    }

    int token(int index) {
        return index < promptLength ? prompt[index] : completion[index - promptLength];
    }

    /** Every token there is, once. */
    TokenCounts counts() {
        if (counts == null) {
            counts = new TokenCounts();
        }
        counts.update(this);
        return counts;
    }

    /** @param size above 0, the same in all calls; unit: tokens */
    NgramIndex ngrams(int size) {
        if (ngrams == null || ngrams.size() != size) {
            ngrams = new NgramIndex(size);
        }
        ngrams.update(this);
        return ngrams;
    }
}
