package io.textloom.spark.stage;

import io.textloom.embed.ChunkVector;
import io.textloom.embed.CutText;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.embed.PoolingOption;
import io.textloom.embed.TokenVectors;
import io.textloom.model.ModelRef;
import io.textloom.table.EmbeddingTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Documents to vectors, by one model or several. */
public final class EmbedStage implements Stage {
    private static final long serialVersionUID = 1;

    /** Documents gathered before they are sorted by length and packed; unit: documents. */
    private static final int GATHERED_DOCUMENTS = 4096;

    /** The same in text, so that long documents do not fill the memory; unit: characters. */
    private static final long GATHERED_CHARACTERS = 4L << 20;

    private final ArrayList<ModelRef> models;
    private final EmbedOptions options;
    private final int dimensions;

    private EmbedStage(List<ModelRef> models, EmbedOptions options, int dimensions) {
        this.models = new ArrayList<>(models);
        this.options = options;
        this.dimensions = dimensions;
    }

    /**
     * Opens the models on the driver once, for their dimensions and to fail early.
     *
     * @throws io.textloom.model.ModelException if a model cannot be read or is not an encoder this library runs
     * @throws IllegalArgumentException if the options do not fit a model
     */
    public static EmbedStage of(List<ModelRef> models, EmbedOptions options, Configuration conf) {
        Set<Integer> dimensions = new HashSet<>();
        for (ModelRef model : models) {
            try (ExecutorModels.Lease<EmbeddingModel> lease = ModelLeases.embedding(model, options, conf)) {
                dimensions.add(lease.model().dimensions());
            }
        }
        return new EmbedStage(
                models, options, dimensions.size() == 1 ? dimensions.iterator().next() : 0);
    }

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public StructType columns() {
        return table().schema();
    }

    private EmbeddingTable table() {
        return new EmbeddingTable(
                dimensions,
                options.vectorType(),
                models.size() > 1,
                options.pooling() != PoolingOption.NONE,
                options.tokenVectors());
    }

    @Override
    public Work open(Configuration conf) {
        List<Engine> engines = new ArrayList<>();
        try {
            for (ModelRef model : models) {
                engines.add(new Engine(
                        UTF8String.fromString(model.shortName()), ModelLeases.embedding(model, options, conf)));
            }
            return new EmbedWork(engines, table());
        } catch (RuntimeException | Error e) {
            engines.forEach(Engine::close);
            throw e;
        }
    }

    /** One model as one task uses it. */
    private static final class Engine implements AutoCloseable {
        final UTF8String name;
        final Embedder embedder;
        private final ExecutorModels.Lease<EmbeddingModel> lease;

        Engine(UTF8String name, ExecutorModels.Lease<EmbeddingModel> lease) {
            this.name = name;
            this.lease = lease;
            try {
                this.embedder = new Embedder(lease.model());
            } catch (RuntimeException | Error e) {
                lease.close();
                throw e;
            }
        }

        @Override
        public void close() {
            embedder.close();
            lease.close();
        }
    }

    private static final class EmbedWork implements Work {
        private final List<Engine> engines;
        private final EmbeddingTable table;
        private final EmbedStats stats = new EmbedStats();
        private long truncatedRows;
        private long droppedTokens;

        EmbedWork(List<Engine> engines, EmbeddingTable table) {
            this.engines = engines;
            this.table = table;
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
            List<String> texts = documents.stream().map(Document::text).toList();
            List<List<EmbedOutcome>> byEngine = new ArrayList<>();
            for (Engine engine : engines) {
                List<CutText> cut = engine.embedder.cut(texts, stats);
                byEngine.add(engine.embedder.embedCut(cut, stats));
            }
            for (int i = 0; i < documents.size(); i++) {
                outcome(documents.get(i), i, byEngine, ready);
            }
        }

        /** A document that one model rejects is rejected. */
        private void outcome(
                Document document, int place, List<List<EmbedOutcome>> byEngine, ArrayDeque<Outcome> ready) {
            List<List<ChunkVector>> chunks = new ArrayList<>();
            for (List<EmbedOutcome> outcomes : byEngine) {
                EmbedOutcome outcome = outcomes.get(place);
                if (outcome instanceof EmbedOutcome.Rejected rejected) {
                    ready.add(new Outcome.Rejected(document, rejected.rejection()));
                    return;
                }
                chunks.add(((EmbedOutcome.Embedded) outcome).chunks());
            }
            int dropped = 0;
            for (int i = 0; i < chunks.size(); i++) {
                rows(document, engines.get(i).name, chunks.get(i), i == chunks.size() - 1, ready);
                dropped += chunks.get(i).get(0).dropped();
            }
            truncatedRows += dropped > 0 ? 1 : 0;
            droppedTokens += dropped;
        }

        private void rows(
                Document document,
                UTF8String model,
                List<ChunkVector> chunks,
                boolean lastModel,
                ArrayDeque<Outcome> ready) {
            for (ChunkVector chunk : chunks) {
                Object[] values = table.row(
                        document.id(),
                        model,
                        chunk.chunkIndex(),
                        chunk.vector(),
                        chunk.tokens(),
                        chunk.dropped(),
                        tokens(chunk.tokenVectors()));
                boolean last = lastModel && chunk == chunks.get(chunks.size() - 1);
                ready.add(new Outcome.Produced(document, values, chunk.tokens(), last));
            }
        }

        private static ArrayData tokens(Optional<TokenVectors> given) {
            TokenVectors tokens = given.orElse(null);
            Object[] rows = new Object[tokens == null ? 0 : tokens.size()];
            for (int i = 0; tokens != null && i < rows.length; i++) {
                int d = tokens.dimensions();
                rows[i] = new GenericInternalRow(new Object[] {
                    tokens.id(i),
                    tokens.start(i),
                    tokens.end(i),
                    UnsafeArrayData.fromPrimitiveArray(Arrays.copyOfRange(tokens.vectors(), i * d, (i + 1) * d))
                });
            }
            return new GenericArrayData(rows);
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
            engines.forEach(Engine::close);
        }
    }
}
