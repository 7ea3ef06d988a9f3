package io.textloom.spark.stage;

import io.textloom.generate.ConstraintStore;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.GenerateOutcome;
import io.textloom.generate.GenerateStats;
import io.textloom.generate.Generated;
import io.textloom.generate.GenerativeModel;
import io.textloom.generate.Generator;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.Rejected;
import io.textloom.generate.SamplingOptions;
import io.textloom.model.DecoderSpec;
import io.textloom.model.DecoderTrunk;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.table.CompletionTable;
import io.textloom.token.Tokenizer;
import java.util.BitSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Prompts to completions. */
public final class GenerateStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final GenerateOptions options;
    private final DeviceOptions device;
    /** Unit: tokens. */
    private final int positions;
    /** Null where the text is the prompt. */
    private final @Nullable PromptRows prompts;

    private GenerateStage(
            ModelRef model,
            GenerateOptions options,
            DeviceOptions device,
            int positions,
            @Nullable PromptRows prompts) {
        this.model = model;
        this.options = options;
        this.device = device;
        this.positions = positions;
        this.prompts = prompts;
    }

    /** The same with prompts made of columns. */
    public GenerateStage prompting(PromptSource source) {
        PromptRows rows = new PromptRows(
                source.plan(),
                source.columns(),
                new StructType(),
                source.examples(),
                source.exampleModel(),
                options.sampling().seed(),
                positions - options.sampling().maxNewTokens(),
                options.longPrompts() == LongPrompts.TRUNCATE);
        return new GenerateStage(model, options, device, positions, rows);
    }

    @Override
    public SideColumns sideColumns() {
        return prompts == null ? SideColumns.NONE : prompts.columns();
    }

    @Override
    public Stage reading(StructType kept) {
        return prompts == null ? this : new GenerateStage(model, options, device, positions, prompts.reading(kept));
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
        if (!(folder.encoderSpec() instanceof DecoderTrunk)) {
            throw new ModelException(
                    "The model " + model.name() + " is a " + folder.architecture()
                            + " but generation needs a decoder, such as GPT-2 or Llama; choose another model, such as storyteller");
        }
        DecoderSpec spec = DecoderSpec.of(folder);
        ModelLeases.decoderWeights(folder);
        options.sampling().requireTokens(spec.vocabularySize());
        checkConstraint(model, spec, options.sampling(), conf);
        if (options.sampling().maxNewTokens() >= spec.positions()) {
            throw new IllegalArgumentException(
                    "generate.maxNewTokens is " + options.sampling().maxNewTokens() + " but the model " + model.name()
                            + " has a context of " + spec.positions() + " tokens, prompt included; set a smaller one");
        }
        return new GenerateStage(model, options, device, spec.positions(), null);
    }

    /** Also opens the tokenizer, for the same reason. */
    private static void checkConstraint(
            ModelRef model, DecoderSpec spec, SamplingOptions sampling, Configuration conf) {
        try (ExecutorModels.Lease<Tokenizer> tokenizer = ModelLeases.tokenizer(model, conf)) {
            BitSet end = new BitSet();
            spec.eosIds().forEach(end::set);
            new ConstraintStore(tokenizer.model(), end).of(sampling);
        }
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
                ModelLeases.generative(model, options.engine(), TaskDevices.ofTask(device), conf), this, conf);
    }

    private static final class GenerateWork implements Work {
        private final ExecutorModels.Lease<GenerativeModel> lease;
        private final Generator generator;
        private final ExecutorModels.@Nullable Lease<Tokenizer> tokenizer;
        private final PromptRows.@Nullable Task prompts;
        private final int samples;
        private final GenerateStats stats = new GenerateStats();
        private long truncatedRows;
        private long droppedTokens;

        GenerateWork(ExecutorModels.Lease<GenerativeModel> lease, GenerateStage stage, Configuration conf) {
            this.lease = lease;
            this.samples = stage.options.sampling().samples();
            try {
                generator = lease.model().newGenerator(stage.options);
            } catch (RuntimeException e) {
                lease.close();
                throw e;
            }
            try {
                tokenizer = stage.prompts == null ? null : ModelLeases.tokenizer(stage.model, conf);
                prompts =
                        stage.prompts == null || tokenizer == null ? null : stage.prompts.open(tokenizer.model(), conf);
            } catch (RuntimeException e) {
                generator.close();
                lease.close();
                throw e;
            }
        }

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            GenerateRequests requests = new GenerateRequests(documents, prompts);
            Iterator<GenerateOutcome> outcomes = generator.generate(requests, stats);
            return new Iterator<>() {
                private @Nullable GenerateOutcome held;

                @Override
                public boolean hasNext() {
                    return held != null || outcomes.hasNext() || requests.hasRefused();
                }

                @Override
                public Outcome next() {
                    if (held == null && outcomes.hasNext()) {
                        held = outcomes.next();
                    }
                    GenerateOutcome outcome = held;
                    Optional<Outcome> refused =
                            requests.refusedBefore(outcome == null ? Long.MAX_VALUE : outcome.tag());
                    if (refused.isPresent()) {
                        return refused.get();
                    }
                    if (outcome == null) {
                        throw new NoSuchElementException();
                    }
                    held = null;
                    return row(outcome, requests);
                }
            };
        }

        private Outcome row(GenerateOutcome outcome, GenerateRequests requests) {
            if (outcome instanceof Rejected rejected) {
                return new Outcome.Rejected(requests.take(rejected.tag()), rejected.rejection());
            }
            Generated g = (Generated) outcome;
            boolean last = g.sampleIndex() == samples - 1;
            Document document = last ? requests.take(g.tag()) : requests.get(g.tag());
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
            try (lease;
                    tokenizer) {
                generator.close();
                if (prompts != null) {
                    prompts.close();
                }
            }
        }
    }
}
