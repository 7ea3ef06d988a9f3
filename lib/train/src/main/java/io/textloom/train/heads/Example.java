package io.textloom.train.heads;

import io.textloom.classify.HeadInput;
import io.textloom.tensor.HeadTask;

/**
 * One row as a head learns it. Owns its arrays; a reader must not change them.
 *
 * <p>Targets by task: a label's number; a number; a label's number for each token, -1 for one that does not count; the first and the last token; the right choice's number.
 */
final class Example {
    private final HeadInput input;
    private final float[] targets;

    Example(HeadInput input, float[] targets) {
        this.input = input;
        this.targets = targets;
    }

    HeadInput input() {
        return input;
    }

    float[] targets() {
        return targets;
    }

    /** How many results a measure of it counts: tokens with a label, or one. */
    int results(HeadTask task) {
        if (task != HeadTask.TOKEN) {
            return 1;
        }
        int results = 0;
        for (float target : targets) {
            results += target >= 0 ? 1 : 0;
        }
        return results;
    }
}
