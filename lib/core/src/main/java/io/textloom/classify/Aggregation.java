package io.textloom.classify;

/** How the labels of tokens become entities. Source: the token classification pipeline of transformers 5.23. */
public enum Aggregation {
    /** Every token with a label is one. */
    NONE {
        @Override
        int chosen(float[] scores, int labels, int from, int to) {
            return from;
        }
    },
    /** Neighbouring tokens of one label are one. */
    SIMPLE {
        @Override
        int chosen(float[] scores, int labels, int from, int to) {
            return from;
        }
    },
    /** Words have the label of their first token, and neighbouring words of one label are one. */
    FIRST {
        @Override
        int chosen(float[] scores, int labels, int from, int to) {
            return from;
        }
    },
    /** Words have the label with the highest mean. */
    AVERAGE {
        @Override
        int chosen(float[] scores, int labels, int from, int to) {
            return -1;
        }
    },
    /** Words have the label of their most certain token. */
    MAX {
        @Override
        int chosen(float[] scores, int labels, int from, int to) {
            int best = from;
            float max = Float.NEGATIVE_INFINITY;
            for (int i = from * labels; i < to * labels; i++) {
                if (scores[i] > max) {
                    max = scores[i];
                    best = i / labels;
                }
            }
            return best;
        }
    };

    /** Whether tokens are put together to words first. */
    boolean byWord() {
        return this != NONE && this != SIMPLE;
    }

    /** The token of {@code [from, to)} whose scores the word has; -1 for the mean of all. */
    abstract int chosen(float[] scores, int labels, int from, int to);

    /**
     * The scores of a word.
     *
     * @param scores float[tokens * labels]
     * @param out float[labels], overwritten
     */
    void word(float[] scores, int labels, int from, int to, float[] out) {
        int token = chosen(scores, labels, from, to);
        if (token >= 0) {
            System.arraycopy(scores, token * labels, out, 0, labels);
            return;
        }
        for (int label = 0; label < labels; label++) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += scores[i * labels + label];
            }
            out[label] = (float) (sum / (to - from));
        }
    }
}
