package io.textloom.spark.stage;

import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.model.ModelRef;
import io.textloom.openai.Answerer;
import io.textloom.openai.EmbeddingBody;
import io.textloom.openai.EmbeddingRequest;
import io.textloom.openai.RequestException;
import io.textloom.spark.intake.TaskSize;
import io.textloom.table.BatchTable;
import io.textloom.tensor.VectorType;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Lines of OpenAI's batch files to the bodies that answer them: embeddings. */
public final class BatchEmbedStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final EmbedOptions options;
    private final DeviceOptions device;
    private final Answerer answerer;

    private BatchEmbedStage(ModelRef model, EmbedOptions options, DeviceOptions device, Answerer answerer) {
        this.model = model;
        this.options = options;
        this.device = device;
        this.answerer = answerer;
    }

    /**
     * Checks on the driver what would fail in every task. A text that is longer than a window is an error, as it is in the API, unless the options cut it or combine its windows.
     *
     * @param started when the run began; unit: seconds since 1970
     * @throws IllegalArgumentException if the options do not fit the model or a batch
     */
    public static BatchEmbedStage of(
            List<ModelRef> models, EmbedOptions options, DeviceOptions device, long started, Configuration conf) {
        if (models.size() > 1) {
            throw new IllegalArgumentException(
                    "embed.models names " + models.size() + " models but a request has one answer; expected one");
        }
        if (options.tokenVectors() || options.vectorType() != VectorType.FLOAT32) {
            throw new IllegalArgumentException("embed."
                    + (options.tokenVectors() ? "tokenVectors is true" : "vectorType is " + options.vectorType())
                    + " but the answers of a batch hold one vector of float32 for each text; leave it out");
        }
        boolean windows = options.longDocuments() == LongDocuments.CHUNK && options.combine() == Combine.NONE;
        EmbedOptions whole = windows ? options.withLongDocuments(LongDocuments.ERROR) : options;
        EmbedStage.of(models, whole, device, conf);
        ModelRef model = models.get(0);
        return new BatchEmbedStage(model, whole, device, Answerer.of(model.shortName(), model.sha256(), started));
    }

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public StructType columns() {
        return BatchTable.SCHEMA;
    }

    @Override
    public SideColumns sideColumns() {
        return BatchRequests.columns();
    }

    @Override
    public TaskSize taskSize() {
        return TaskSize.SEVERAL_PER_CORE;
    }

    @Override
    public Work open(Configuration conf) {
        return new BatchWork(
                EmbedEngine.open(List.of(model), options, TaskDevices.ofTask(device), conf)
                        .get(0),
                answerer);
    }

    private static final class BatchWork implements Work {
        private final EmbedEngine engine;
        private final Answerer answerer;
        private final EmbedStats stats = new EmbedStats();
        private long truncatedRows;
        private long droppedTokens;

        BatchWork(EmbedEngine engine, Answerer answerer) {
            this.engine = engine;
            this.answerer = answerer;
        }

        /** @param request null where it was refused */
        private record Line(
                Document document,
                @Nullable EmbeddingRequest request,
                @Nullable Rejection rejection) {}

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            return new GatheredDocuments(documents, this::answer);
        }

        private void answer(List<Document> documents, ArrayDeque<Outcome> out) {
            List<Line> lines = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (Document document : documents) {
                try {
                    BatchRequests.endpoint(document, "embed");
                    EmbeddingRequest request = EmbeddingRequest.parse(document.text());
                    lines.add(new Line(document, request, null));
                    texts.addAll(request.inputs());
                } catch (RequestException e) {
                    lines.add(new Line(document, null, e.rejection()));
                }
            }
            Iterator<EmbedOutcome> outcomes =
                    engine.embedder.embed(texts, stats).iterator();
            for (Line line : lines) {
                EmbeddingRequest request = line.request();
                if (request == null) {
                    out.add(new Outcome.Rejected(line.document(), Objects.requireNonNull(line.rejection())));
                } else {
                    List<EmbedOutcome> own = new ArrayList<>();
                    request.inputs().forEach(input -> own.add(outcomes.next()));
                    out.add(outcome(line.document(), request, own));
                }
            }
        }

        private Outcome outcome(Document document, EmbeddingRequest request, List<EmbedOutcome> own) {
            List<float[]> vectors = new ArrayList<>();
            int tokens = 0;
            int dropped = 0;
            for (EmbedOutcome outcome : own) {
                if (outcome instanceof EmbedOutcome.Rejected rejected) {
                    return new Outcome.Rejected(document, rejected.rejection());
                }
                var chunk = ((EmbedOutcome.Embedded) outcome).chunks().get(0);
                vectors.add(chunk.vector());
                tokens += chunk.tokens();
                dropped += chunk.dropped();
            }
            String body;
            try {
                body = EmbeddingBody.render(request, answerer, vectors, tokens);
            } catch (RequestException e) {
                return new Outcome.Rejected(document, e.rejection());
            }
            truncatedRows += dropped > 0 ? 1 : 0;
            droppedTokens += dropped;
            return new Outcome.Produced(
                    document, BatchTable.row(document.id(), body, tokens, 0, dropped), tokens, true);
        }

        @Override
        public Meter meter() {
            return Meter.of(stats, truncatedRows, droppedTokens);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
