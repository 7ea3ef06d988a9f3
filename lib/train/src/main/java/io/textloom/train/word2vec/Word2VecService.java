package io.textloom.train.word2vec;

import io.textloom.spark.AddOnTraining;
import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.train.TrainWord2VecOptions;

/** What the job {@code train word2vec} finds when this module is on the class path. */
public final class Word2VecService implements AddOnTraining<TrainWord2VecOptions> {
    @Override
    public Class<TrainWord2VecOptions> options() {
        return TrainWord2VecOptions.class;
    }

    @Override
    public TrainReport run(JobContext context, TrainWord2VecOptions options) {
        return Word2VecJob.run(context, options);
    }
}
