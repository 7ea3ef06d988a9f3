package io.textloom.train.word2vec;

/** What computes the steps of a training. Several threads may learn at the same time, each a block of its own. */
interface Learner extends AutoCloseable {
    /**
     * Takes one step for every pair of the block.
     *
     * @param rate size of a step
     * @param seed of all that is drawn for this block
     */
    BlockLoss learn(SentenceBlock block, float rate, long seed);

    /** Brings the table up to date; no block may be under way. */
    void flush();

    @Override
    void close();
}
