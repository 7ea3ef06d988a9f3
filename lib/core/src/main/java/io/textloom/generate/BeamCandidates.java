package io.textloom.generate;

/** The best continuations of a step, highest score first; of equals the lower beam, then the lower token. */
final class BeamCandidates {
    final int[] beams;
    final int[] tokens;
    final float[] scores;
    int size;

    BeamCandidates(int most) {
        beams = new int[most];
        tokens = new int[most];
        scores = new float[most];
    }

    void clear() {
        size = 0;
    }

    /**
     * Takes in the continuations of a beam; call for beam after beam.
     *
     * @param logprobs float[vocabulary]
     * @param base the beam's own score, added to each
     */
    void offer(int beam, float[] logprobs, float base) {
        float least = least();
        for (int token = 0; token < logprobs.length; token++) {
            float score = logprobs[token] + base;
            if (score > least) {
                insert(beam, token, score);
                least = least();
            }
        }
    }

    private float least() {
        return size < scores.length ? Float.NEGATIVE_INFINITY : scores[size - 1];
    }

    private void insert(int beam, int token, float score) {
        int at = size < scores.length ? size++ : size - 1;
        for (; at > 0 && scores[at - 1] < score; at--) {
            beams[at] = beams[at - 1];
            tokens[at] = tokens[at - 1];
            scores[at] = scores[at - 1];
        }
        beams[at] = beam;
        tokens[at] = token;
        scores[at] = score;
    }
}
