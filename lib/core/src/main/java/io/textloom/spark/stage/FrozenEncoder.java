package io.textloom.spark.stage;

import io.textloom.classify.FrozenText;
import io.textloom.classify.FrozenVectors;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.EmbeddingModel;
import io.textloom.model.ModelRef;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The executor's encoder for trainings that see its vectors alone. For one task at a time. */
public final class FrozenEncoder implements AutoCloseable {
    private final ExecutorModels.Lease<EmbeddingModel> lease;
    private final FrozenVectors vectors;
    private final EmbedStats stats = new EmbedStats();

    private FrozenEncoder(ExecutorModels.Lease<EmbeddingModel> lease, FrozenVectors vectors) {
        this.lease = lease;
        this.vectors = vectors;
    }

    /** @param options of {@link FrozenVectors#options} */
    public static FrozenEncoder open(ModelRef model, EmbedOptions options, DeviceOptions device, Configuration conf) {
        ExecutorModels.Lease<EmbeddingModel> lease =
                ModelLeases.embedding(model, options, TaskDevices.ofTask(device), conf);
        return new FrozenEncoder(lease, lease.opening(opened -> new FrozenVectors(opened, options)));
    }

    /** Length of the vectors. */
    public int dimensions() {
        return vectors.dimensions();
    }

    /** What became of each text, in their order. */
    public List<FrozenText> vectors(List<String> texts) {
        return vectors.of(texts, stats);
    }

    /** Tokens that the model saw so far, special tokens included; unit: tokens */
    public long tokens() {
        return stats.tokens();
    }

    @Override
    public void close() {
        try (lease) {
            vectors.close();
        }
    }
}
