package io.textloom.train.word2vec;

/**
 * The loss of some pairs of a block, before their steps: minus the logarithm of what the model gives the pair, and its counter-examples as such.
 *
 * @param pairs looked at, which need not be all
 */
record BlockLoss(double sum, long pairs) {
    static final BlockLoss NONE = new BlockLoss(0, 0);

    BlockLoss plus(BlockLoss other) {
        return new BlockLoss(sum + other.sum, pairs + other.pairs);
    }

    double mean() {
        return pairs == 0 ? 0 : sum / pairs;
    }
}
