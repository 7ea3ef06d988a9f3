package io.textloom.spark.stage;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbeddingModel;
import io.textloom.embed.PoolingOption;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.spark.intake.TaskSize;
import io.textloom.table.EmbeddingTable;
import io.textloom.tensor.Precision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Documents to vectors, by one model or several. */
public final class EmbedStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ArrayList<ModelRef> models;
    private final EmbedOptions options;
    private final DeviceOptions device;
    private final int dimensions;
    private final boolean normalized;

    private EmbedStage(
            List<ModelRef> models, EmbedOptions options, DeviceOptions device, int dimensions, boolean normalized) {
        this.models = new ArrayList<>(models);
        this.options = options;
        this.device = device;
        this.dimensions = dimensions;
        this.normalized = normalized;
    }

    /**
     * Opens the models on the driver once, for their dimensions and to fail early.
     *
     * @param models of different names, which rows give where there are several
     * @throws io.textloom.model.ModelException if a model cannot be read or is not an encoder this library runs
     * @throws IllegalArgumentException if the options do not fit a model, two models have one name, or tasks are to use GPUs and there is no
     *     provider for them
     */
    public static EmbedStage of(List<ModelRef> models, EmbedOptions options, DeviceOptions device, Configuration conf) {
        ModelRef.requireDifferentNames(models, "embed.models");
        TaskDevices.check(device, options.precision(), "embed");
        EmbedOptions onDriver =
                options.precision() == Precision.FLOAT16 ? options.withPrecision(Precision.FLOAT32) : options;
        Set<Integer> dimensions = new HashSet<>();
        boolean normalized = true;
        for (ModelRef model : models) {
            try (ExecutorModels.Lease<EmbeddingModel> lease =
                    ModelLeases.embedding(model, onDriver, Device.CPU, conf)) {
                dimensions.add(lease.model().dimensions());
                normalized &= lease.model().normalized();
            }
        }
        return new EmbedStage(
                models,
                options,
                device,
                dimensions.size() == 1 ? dimensions.iterator().next() : 0,
                normalized);
    }

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public StructType columns() {
        return table().schema();
    }

    @Override
    public TaskSize taskSize() {
        return TaskSize.SEVERAL_PER_CORE;
    }

    private EmbeddingTable table() {
        return new EmbeddingTable(
                dimensions,
                options.vectorType(),
                normalized,
                models.size() > 1,
                options.pooling() != PoolingOption.NONE,
                options.tokenVectors());
    }

    List<EmbedEngine> engines(Configuration conf) {
        return EmbedEngine.open(models, options, TaskDevices.ofTask(device), conf);
    }

    EmbedRows rows() {
        return new EmbedRows(
                table(),
                models.stream()
                        .map(model -> UTF8String.fromString(model.shortName()))
                        .toList());
    }

    @Override
    public Optional<Splitting> splitting() {
        return Optional.of(new EmbedSplitting(this));
    }

    @Override
    public Work open(Configuration conf) {
        return new EmbedWork(engines(conf), rows());
    }
}
