package io.textloom.spark.stage;

import io.textloom.embed.ChunkVector;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.table.EmbeddingTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** Documents to vectors. */
public final class EmbedStage implements Stage {
    private static final long serialVersionUID = 1;

    /** Documents gathered before they are sorted by length and packed; unit: documents. */
    private static final int GATHERED_DOCUMENTS = 4096;

    /** The same in text, so that long documents do not fill the memory; unit: characters. */
    private static final long GATHERED_CHARACTERS = 4L << 20;

    private final ModelRef model;
    private final EmbedOptions options;
    private final DeviceOptions device;
    private final int dimensions;

    private EmbedStage(ModelRef model, EmbedOptions options, DeviceOptions device, int dimensions) {
        this.model = model;
        this.options = options;
        this.device = device;
        this.dimensions = dimensions;
    }

    /**
     * Opens the model on the driver once, for its dimensions and to fail early.
     *
     * @throws io.textloom.model.ModelException if the model cannot be read or is not an encoder this library runs
     * @throws IllegalArgumentException if tasks are to use GPUs and there is no provider for them
     */
    public static EmbedStage of(ModelRef model, EmbedOptions options, DeviceOptions device, Configuration conf) {
        TaskDevices.check(device);
        try (ExecutorModels.Lease<EmbeddingModel> lease = ModelLeases.embedding(model, options, Device.CPU, conf)) {
            return new EmbedStage(model, options, device, lease.model().dimensions());
        }
    }

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public StructType columns() {
        return EmbeddingTable.schema(dimensions);
    }

    @Override
    public Work open(Configuration conf) {
        return new EmbedWork(ModelLeases.embedding(model, options, TaskDevices.ofTask(device), conf));
    }

    private static final class EmbedWork implements Work {
        private final ExecutorModels.Lease<EmbeddingModel> lease;
        private final Embedder embedder;
        private final EmbedStats stats = new EmbedStats();
        private long truncatedRows;
        private long droppedTokens;

        EmbedWork(ExecutorModels.Lease<EmbeddingModel> lease) {
            this.lease = lease;
            this.embedder = new Embedder(lease.model());
        }

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            return new Iterator<>() {
                private final ArrayDeque<Outcome> ready = new ArrayDeque<>();

                @Override
                public boolean hasNext() {
                    while (ready.isEmpty() && documents.hasNext()) {
                        embed(gather(documents), ready);
                    }
                    return !ready.isEmpty();
                }

                @Override
                public Outcome next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return ready.remove();
                }
            };
        }

        private static List<Document> gather(Iterator<Document> documents) {
            List<Document> gathered = new ArrayList<>();
            long characters = 0;
            while (documents.hasNext() && gathered.size() < GATHERED_DOCUMENTS && characters < GATHERED_CHARACTERS) {
                Document document = documents.next();
                gathered.add(document);
                characters += document.text().length();
            }
            return gathered;
        }

        private void embed(List<Document> documents, ArrayDeque<Outcome> ready) {
            List<EmbedOutcome> outcomes =
                    embedder.embed(documents.stream().map(Document::text).toList(), stats);
            for (int i = 0; i < outcomes.size(); i++) {
                Document document = documents.get(i);
                EmbedOutcome outcome = outcomes.get(i);
                if (outcome instanceof EmbedOutcome.Rejected rejected) {
                    ready.add(new Outcome.Rejected(document, rejected.rejection()));
                } else if (outcome instanceof EmbedOutcome.Embedded embedded) {
                    rows(document, embedded.chunks(), ready);
                }
            }
        }

        private void rows(Document document, List<ChunkVector> chunks, ArrayDeque<Outcome> ready) {
            for (ChunkVector chunk : chunks) {
                ready.add(new Outcome.Produced(
                        document,
                        EmbeddingTable.row(
                                document.id(),
                                chunk.chunkIndex(),
                                chunk.vector(),
                                chunk.tokens(),
                                chunk.dropped(),
                                chunk.truncated()),
                        chunk.tokens(),
                        chunk == chunks.get(chunks.size() - 1)));
            }
            int dropped = chunks.get(0).dropped();
            truncatedRows += dropped > 0 ? 1 : 0;
            droppedTokens += dropped;
        }

        @Override
        public Meter meter() {
            return new Meter(
                    stats.tokens(),
                    stats.paddedTokens(),
                    truncatedRows,
                    droppedTokens,
                    stats.modelNanos(),
                    stats.tokenizeNanos(),
                    stats.flops());
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
