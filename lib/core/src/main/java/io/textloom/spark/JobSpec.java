package io.textloom.spark;

import io.textloom.model.ModelPins;
import io.textloom.model.ModelRef;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.Stage;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * A job with all that decides what it does, to be run or to be explained.
 *
 * @param models names or paths, each resolved before anything is written
 * @param stages makes the stage that the rows pass, of the resolved models
 */
public record JobSpec(
        String job, JobContext context, List<String> models, BiFunction<List<ModelRef>, Configuration, Stage> stages) {
    /** Setting with the hashes that the models must have. */
    static final String PINS = "modelSha256";

    public JobSpec {
        models = List.copyOf(models);
    }

    /**
     * The models as they are now.
     *
     * @throws io.textloom.model.ModelException if one is missing, or is not the one that was pinned
     */
    List<ModelRef> resolve(Configuration conf) {
        List<ModelRef> refs = models.stream()
                .map(model -> ModelLeases.store().resolve(model, conf))
                .toList();
        ModelPins.of(context.settings().getOrDefault(PINS, "")).require(refs);
        return refs;
    }
}
