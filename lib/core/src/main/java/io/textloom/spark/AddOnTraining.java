package io.textloom.spark;

/**
 * A training that an add-on jar brings; found by {@link java.util.ServiceLoader}.
 *
 * @param <O> its options
 */
public interface AddOnTraining<O> {
    /** The class of its options, which tells it from other trainings. */
    Class<O> options();

    /** Runs the whole training and writes the model to the context's output. */
    TrainReport run(JobContext context, O options);
}
