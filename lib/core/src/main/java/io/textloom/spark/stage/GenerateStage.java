package io.textloom.spark.stage;

import io.textloom.generate.GenerateOptions;
import io.textloom.generate.GenerateOutcome;
import io.textloom.generate.GenerateRequest;
import io.textloom.generate.GenerateStats;
import io.textloom.generate.Generated;
import io.textloom.generate.GenerativeModel;
import io.textloom.generate.Generator;
import io.textloom.generate.Rejected;
import io.textloom.model.Architecture;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.table.CompletionTable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** Prompts to completions. */
public final class GenerateStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final GenerateOptions options;
    private final DeviceOptions device;

    private GenerateStage(ModelRef model, GenerateOptions options, DeviceOptions device) {
        this.model = model;
        this.options = options;
        this.device = device;
    }

    /**
     * Checks on the driver what would fail in every task.
     *
     * @throws io.textloom.model.ModelException if the model is not a decoder this library runs
     * @throws IllegalArgumentException if the options do not fit the model, or tasks are to use GPUs and there is no provider for them
     */
    public static GenerateStage of(ModelRef model, GenerateOptions options, DeviceOptions device, Configuration conf) {
        TaskDevices.check(device);
        ModelFolder folder = ModelLeases.store().localise(model, conf);
        if (folder.architecture() != Architecture.GPT2) {
            throw new ModelException("The model " + model.name() + " is a " + folder.architecture()
                    + " but generation needs a GPT-2 decoder; choose another model, such as storyteller");
        }
        Gpt2Spec spec = Gpt2Spec.of(folder.config());
        ModelLeases.decoderWeights(folder);
        ModelLeases.tokenizer(model, conf).close();
        if (options.sampling().maxNewTokens() >= spec.positions()) {
            throw new IllegalArgumentException(
                    "generate.maxNewTokens is " + options.sampling().maxNewTokens() + " but the model " + model.name()
                            + " has a context of " + spec.positions() + " tokens, prompt included; set a smaller one");
        }
        return new GenerateStage(model, options, device);
    }

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public StructType columns() {
        return CompletionTable.SCHEMA;
    }

    @Override
    public Work open(Configuration conf) {
        return new GenerateWork(
                ModelLeases.generative(model, options.engine(), TaskDevices.ofTask(device), conf), options);
    }

    private static final class GenerateWork implements Work {
        private final ExecutorModels.Lease<GenerativeModel> lease;
        private final Generator generator;
        private final int samples;
        private final GenerateStats stats = new GenerateStats();
        private long truncatedRows;
        private long droppedTokens;

        GenerateWork(ExecutorModels.Lease<GenerativeModel> lease, GenerateOptions options) {
            this.lease = lease;
            this.samples = options.sampling().samples();
            try {
                generator = lease.model().newGenerator(options);
            } catch (RuntimeException e) {
                lease.close();
                throw e;
            }
        }

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            Map<Long, Document> waiting = new HashMap<>();
            Iterator<GenerateRequest> requests = new Iterator<>() {
                private long tag;

                @Override
                public boolean hasNext() {
                    return documents.hasNext();
                }

                @Override
                public GenerateRequest next() {
                    Document document = documents.next();
                    waiting.put(tag, document);
                    return new GenerateRequest(tag++, document.id(), document.text());
                }
            };
            Iterator<GenerateOutcome> outcomes = generator.generate(requests, stats);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return outcomes.hasNext();
                }

                @Override
                public Outcome next() {
                    return row(outcomes.next(), waiting);
                }
            };
        }

        private Outcome row(GenerateOutcome outcome, Map<Long, Document> waiting) {
            if (outcome instanceof Rejected rejected) {
                return new Outcome.Rejected(take(waiting, rejected.tag()), rejected.rejection());
            }
            Generated g = (Generated) outcome;
            boolean last = g.sampleIndex() == samples - 1;
            Document document = last ? take(waiting, g.tag()) : get(waiting, g.tag());
            if (last && g.nDropped() > 0) {
                truncatedRows++;
                droppedTokens += g.nDropped();
            }
            return new Outcome.Produced(
                    document,
                    CompletionTable.row(
                            document.id(),
                            g.sampleIndex(),
                            g.prompt(),
                            g.completion(),
                            g.promptTokens(),
                            g.completionTokens(),
                            g.nDropped(),
                            g.finishReason().toString(),
                            g.logprob(),
                            g.seed()),
                    g.promptTokens() + g.completionTokens(),
                    last);
        }

        private static Document take(Map<Long, Document> waiting, long tag) {
            Document document = get(waiting, tag);
            waiting.remove(tag);
            return document;
        }

        private static Document get(Map<Long, Document> waiting, long tag) {
            Document document = waiting.get(tag);
            if (document == null) {
                throw new IllegalStateException("The generator answered a request that was not made: " + tag);
            }
            return document;
        }

        @Override
        public Meter meter() {
            // the first token of a completion comes out of its prefill, not of a decode call
            long fromPrefill = stats.completionTokens() - stats.busySlots();
            return new Meter(
                    stats.promptTokens() + stats.completionTokens(),
                    stats.promptTokens() + fromPrefill + stats.slotSteps(),
                    truncatedRows,
                    droppedTokens,
                    stats.prefillNanos() + stats.decodeNanos(),
                    0,
                    0);
        }

        @Override
        public void close() {
            try (lease) {
                generator.close();
            }
        }
    }
}
