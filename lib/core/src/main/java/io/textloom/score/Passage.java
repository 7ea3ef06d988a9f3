package io.textloom.score;

import io.textloom.text.Rejection;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One sequence of tokens that the model reads, the questions asked about it, and the answers. For one caller at a time. */
final class Passage {
    private final int[] inputs;
    private int[] places = new int[8];
    private int[] targets = new int[8];
    private int questions;
    private float[] logprobs = {};
    private float[] margins = {};
    private @Nullable Rejection failure;

    /** @param inputs owned by this object */
    Passage(int[] inputs) {
        this.inputs = inputs;
    }

    /**
     * Asks how likely a token is to come after a place.
     *
     * @return the question's number
     */
    int ask(int place, int target) {
        if (questions == places.length) {
            places = Arrays.copyOf(places, 2 * questions);
            targets = Arrays.copyOf(targets, 2 * questions);
        }
        places[questions] = place;
        targets[questions] = target;
        return questions++;
    }

    int[] inputs() {
        return inputs;
    }

    int questions() {
        return questions;
    }

    int place(int question) {
        return places[question];
    }

    int target(int question) {
        return targets[question];
    }

    /** Takes the answers from {@code from} on. */
    void answer(float[] logprobs, float[] margins, int from) {
        this.logprobs = Arrays.copyOfRange(logprobs, from, from + questions);
        this.margins = Arrays.copyOfRange(margins, from, from + questions);
    }

    void fail(Rejection rejection) {
        failure = rejection;
    }

    Optional<Rejection> failure() {
        return Optional.ofNullable(failure);
    }

    /** Natural logarithm of the probability. */
    float logprob(int question) {
        return logprobs[question];
    }

    /** Whether no token is likelier. */
    boolean isLikeliest(int question) {
        return margins[question] >= 0;
    }

    /** Whether these tokens begin like those of another passage, and are no longer. */
    static boolean startsWith(int[] longer, int[] shorter) {
        return shorter.length <= longer.length && Arrays.equals(longer, 0, shorter.length, shorter, 0, shorter.length);
    }
}
