package io.textloom.train.elmo;

import io.textloom.spark.AddOnTraining;
import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.train.TrainElmoOptions;

/** What the job {@code train elmo} finds when this module is on the class path. */
public final class ElmoService implements AddOnTraining<TrainElmoOptions> {
    @Override
    public Class<TrainElmoOptions> options() {
        return TrainElmoOptions.class;
    }

    @Override
    public TrainReport run(JobContext context, TrainElmoOptions options) {
        return ElmoJob.run(context, options);
    }
}
