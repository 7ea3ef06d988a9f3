package io.textloom.spark.stage;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** One embedding model as one task uses it. */
final class EmbedEngine implements AutoCloseable {
    final Embedder embedder;
    private final ExecutorModels.Lease<EmbeddingModel> lease;

    private EmbedEngine(ExecutorModels.Lease<EmbeddingModel> lease) {
        this.lease = lease;
        this.embedder = lease.opening(Embedder::new);
    }

    /** One for each model; either all open or none stays open. */
    static List<EmbedEngine> open(List<ModelRef> models, EmbedOptions options, Device device, Configuration conf) {
        List<EmbedEngine> engines = new ArrayList<>();
        try {
            for (ModelRef model : models) {
                engines.add(new EmbedEngine(ModelLeases.embedding(model, options, device, conf)));
            }
            return engines;
        } catch (RuntimeException | Error e) {
            engines.forEach(EmbedEngine::close);
            throw e;
        }
    }

    EmbeddingModel model() {
        return lease.model();
    }

    /** Whether more cores are there than tasks that use this model now. */
    boolean hasIdleCores() {
        return lease.holders() < Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void close() {
        embedder.close();
        lease.close();
    }
}
