package io.textloom.train.heads;

import io.textloom.classify.HeadNet;
import java.util.List;

/** Trains the nets of some heads on one trunk, on one machine or on many. Not safe for concurrent use. */
interface HeadTrainer extends AutoCloseable {
    /**
     * Trains on some steps of an epoch, in their order.
     *
     * @param seed of what is drawn on the way
     * @param losses float[heads], each step's loss added to its head's
     */
    void fit(List<BatchPlace> steps, long seed, double[] losses);

    /** All that a head's further steps depend on. */
    HeadState state(int head);

    void load(int head, HeadState state);

    /** The head that the last step was for, whose trunk the next one goes on from; -1 before the first. */
    int last();

    void loadLast(int head);

    /** A head's weights as they are, its trunk that of the last step; what is learnt are numbers as they stand in the rows. */
    HeadNet.Source weights(int head);

    @Override
    void close();
}
