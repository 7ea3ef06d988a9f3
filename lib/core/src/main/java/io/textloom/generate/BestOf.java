package io.textloom.generate;

/** Ranks the completions made for a prompt, of which the best are given. */
final class BestOf {
    private BestOf() {}

    /**
     * Indices by mean log-probability of a token, the highest first, the lower index of equals; what is not a number comes last.
     *
     * @param logprobs of each completion's tokens together
     * @param tokens of each completion, at least 1
     */
    static int[] order(double[] logprobs, int[] tokens) {
        int[] order = new int[logprobs.length];
        for (int i = 0; i < order.length; i++) {
            double mean = logprobs[i] / tokens[i];
            int at = i;
            for (; at > 0 && isBelow(logprobs[order[at - 1]] / tokens[order[at - 1]], mean); at--) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        return order;
    }

    private static boolean isBelow(double mean, double other) {
        return mean < other || (Double.isNaN(mean) && !Double.isNaN(other));
    }
}
