package io.textloom.train.elmo;

/**
 * Losses of foretold tokens.
 *
 * @param sum unit: nats
 */
record LossSum(double sum, long tokens) {
    static final LossSum NONE = new LossSum(0, 0);

    LossSum plus(LossSum other) {
        return new LossSum(sum + other.sum, tokens + other.tokens);
    }

    /** Unit: nats per token. */
    double mean() {
        return tokens == 0 ? 0 : sum / tokens;
    }
}
