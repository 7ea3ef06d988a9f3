package io.textloom.train.word2vec;

import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.Word2VecTraining;
import io.textloom.spark.train.TrainWord2VecOptions;

/** What the job {@code train word2vec} finds when this module is on the class path. */
public final class Word2VecService implements Word2VecTraining {
    @Override
    public TrainReport run(JobContext context, TrainWord2VecOptions options) {
        return new Word2VecJob(context, options).run();
    }
}
