package io.textloom.classify;

/** What makes scores of the logits of a text. */
public enum ScoreFunction {
    /** What the model was trained with, as far as its config.json tells. */
    AUTO {
        @Override
        float[] scores(double[] logits) {
            throw new IllegalStateException("what a model was trained with is settled when it opens");
        }
    },
    /** Probabilities of labels that exclude each other. */
    SOFTMAX {
        @Override
        float[] scores(double[] logits) {
            float[] scores = new float[logits.length];
            Softmax.of(logits, scores);
            return scores;
        }
    },
    /** The probability of each label for itself. */
    SIGMOID {
        @Override
        float[] scores(double[] logits) {
            float[] scores = new float[logits.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) (1 / (1 + Math.exp(-logits[i])));
            }
            return scores;
        }
    },
    /** The logits themselves. */
    NONE {
        @Override
        float[] scores(double[] logits) {
            float[] scores = new float[logits.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) logits[i];
            }
            return scores;
        }
    };

    abstract float[] scores(double[] logits);
}
