package io.textloom.spark;

import io.textloom.spark.train.TrainWord2VecOptions;

/** Trains word vectors; found by {@link java.util.ServiceLoader}, as it comes with an add-on jar. */
public interface Word2VecTraining {
    /** Runs the whole training and writes the model to the context's output. */
    TrainReport run(JobContext context, TrainWord2VecOptions options);
}
