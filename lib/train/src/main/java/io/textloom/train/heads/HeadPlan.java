package io.textloom.train.heads;

import io.textloom.model.TrainedHead;
import io.textloom.spark.train.HeadOptions;
import io.textloom.tensor.HeadTask;
import java.io.Serializable;
import java.util.List;

/**
 * A head that is trained.
 *
 * @param mean of the numbers that are learnt, which are learnt as they deviate from it; 0 for other tasks
 * @param deviation by which they are divided; 1 for other tasks
 * @param weights of labels in the loss; empty for equal ones
 */
record HeadPlan(HeadOptions options, TrainedHead head, double mean, double deviation, List<Double> weights)
        implements Serializable {
    HeadPlan {
        weights = List.copyOf(weights);
    }

    HeadTask task() {
        return head.task();
    }

    HeadPlan withTemperature(double temperature) {
        return new HeadPlan(options, head.withTemperature(temperature), mean, deviation, weights);
    }
}
