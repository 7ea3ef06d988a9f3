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
import io.textloom.generate.TokenLogprob;
import io.textloom.model.DecoderSpec;
import io.textloom.model.DecoderTrunk;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.table.CompletionTable;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
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
    /** All that is read beside the text. */
    private final SideColumns columns;
    /** The kept columns with their types; empty until they are known. */
    private final StructType kept;
    /** Null where the text is the prompt. */
    private final @Nullable PromptRows prompts;

    private GenerateStage(
            ModelRef model,
            GenerateOptions options,
            DeviceOptions device,
            int positions,
            SideColumns columns,
            StructType kept,
            @Nullable PromptRows prompts) {
        this.model = model;
        this.options = options;
        this.device = device;
        this.positions = positions;
        this.columns = columns;
        this.kept = kept;
        this.prompts = prompts;
    }

    /**
     * The same with columns beside the text.
     *
     * @param source how prompts are made of them; empty where the text is the prompt
     */
    public GenerateStage reading(SideColumns side, Optional<PromptSource> source) {
        PromptRows rows = source.map(s -> new PromptRows(
                        s.plan(),
                        s.columns(),
                        new StructType(),
                        s.examples(),
                        s.exampleModel(),
                        options.sampling().seed(),
                        positions,
                        options.longPrompts() == LongPrompts.TRUNCATE))
                .orElse(null);
        return new GenerateStage(model, options, device, positions, side, kept, rows);
    }

    @Override
    public SideColumns sideColumns() {
        return columns;
    }

    @Override
    public Stage reading(StructType schema) {
        limits().ifPresent(ordinal -> RowValues.requireWholeNumbers(schema.fields()[ordinal]));
        PromptRows rows = prompts == null ? null : prompts.reading(schema);
        return new GenerateStage(model, options, device, positions, columns, schema, rows);
    }

    /** Where among the kept columns each row's own longest completion is. */
    private Optional<Integer> limits() {
        int place = columns.columns().indexOf(options.maxNewTokensColumn());
        return place < 0 ? Optional.empty() : Optional.of(columns.ordinals().get(place));
    }

    /**
     * Checks on the driver what would fail in every task.
     *
     * @throws io.textloom.model.ModelException if the model is not a decoder this library runs
     * @throws IllegalArgumentException if the options do not fit the model, or tasks are to use GPUs and there is no provider for them
     */
    public static GenerateStage of(ModelRef model, GenerateOptions options, DeviceOptions device, Configuration conf) {
        TaskDevices.check(device, options.engine().precision(), "generate");
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
        return new GenerateStage(model, options, device, spec.positions(), SideColumns.NONE, new StructType(), null);
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
        return CompletionTable.schema(options.sampling().logprobs() >= 0);
    }

    @Override
    public boolean computesInBackground() {
        return true;
    }

    @Override
    public Work open(Configuration conf) {
        return new GenerateWork(
                ModelLeases.generative(model, options.engine(), TaskDevices.ofTask(device), conf), this, conf);
    }

    private static final class GenerateWork implements Work {
        private final ExecutorModels.Lease<GenerativeModel> lease;
        private final Generator generator;
        private final PromptRows.@Nullable Task prompts;
        private final GenerateStage stage;
        private final @Nullable RowLimits limits;
        private final GenerateStats stats = new GenerateStats();
        private long truncatedRows;
        private long droppedTokens;

        GenerateWork(ExecutorModels.Lease<GenerativeModel> lease, GenerateStage stage, Configuration conf) {
            this.lease = lease;
            this.stage = stage;
            this.limits = stage.limits()
                    .map(ordinal -> new RowLimits(
                            stage.options.maxNewTokensColumn(), ordinal, stage.kept.fields()[ordinal].dataType()))
                    .orElse(null);
            generator = lease.opening(opened -> {
                if (limits == null) {
                    opened.requireRoom(stage.options.sampling().maxNewTokens());
                }
                return opened.newGenerator(stage.options);
            });
            PromptRows rows = stage.prompts;
            prompts = rows == null ? null : lease.opening(opened -> rows.open(opened.tokenizer(), conf));
        }

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            GenerateRequests requests = new GenerateRequests(documents, stage.options.sampling(), limits, prompts);
            Iterator<GenerateOutcome> outcomes = generator.generate(requests, stats);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return outcomes.hasNext();
                }

                @Override
                public Outcome next() {
                    return row(outcomes.next(), requests);
                }
            };
        }

        private Outcome row(GenerateOutcome outcome, GenerateRequests requests) {
            if (outcome instanceof Rejected rejected) {
                return new Outcome.Rejected(requests.take(rejected.tag()), rejected.rejection());
            }
            Generated g = (Generated) outcome;
            boolean last = g.isLast();
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
                            g.seed(),
                            g.tokens().map(GenerateWork::tokens)),
                    g.promptTokens() + g.completionTokens(),
                    last);
        }

        private static List<Object> tokens(List<TokenLogprob> told) {
            List<Object> tokens = new ArrayList<>(told.size());
            for (TokenLogprob token : told) {
                List<Object> top = new ArrayList<>(token.top().size());
                for (TokenLogprob.Alternative other : token.top()) {
                    top.add(CompletionTable.alternative(other.id(), other.token(), other.logprob()));
                }
                tokens.add(CompletionTable.token(token.id(), token.token(), token.logprob(), top));
            }
            return tokens;
        }

        @Override
        public Meter meter() {
            return Meter.of(stats, truncatedRows, droppedTokens);
        }

        @Override
        public void close() {
            try (lease) {
                generator.close();
                if (prompts != null) {
                    prompts.close();
                }
            }
        }
    }
}
