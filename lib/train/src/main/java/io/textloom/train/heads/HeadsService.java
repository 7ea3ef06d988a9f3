package io.textloom.train.heads;

import io.textloom.spark.AddOnTraining;
import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.train.TrainHeadsOptions;

/** What the job {@code train heads} finds when this module is on the class path. */
public final class HeadsService implements AddOnTraining<TrainHeadsOptions> {
    @Override
    public Class<TrainHeadsOptions> options() {
        return TrainHeadsOptions.class;
    }

    @Override
    public TrainReport run(JobContext context, TrainHeadsOptions options) {
        return HeadsJob.run(context, options);
    }
}
