package io.textloom.spark.stage;

import io.textloom.generate.GenerateOptions;
import io.textloom.generate.GenerateOutcome;
import io.textloom.generate.GenerateStats;
import io.textloom.generate.GenerativeModel;
import io.textloom.generate.Generator;
import io.textloom.model.DecoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.openai.Answerer;
import io.textloom.openai.BatchOptions;
import io.textloom.openai.CompletionBody;
import io.textloom.openai.RequestPrompts;
import io.textloom.prompt.ChatTemplate;
import io.textloom.prompt.PromptOptions;
import io.textloom.prompt.PromptPlan;
import io.textloom.table.BatchTable;
import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Lines of OpenAI's batch files to the bodies that answer them: completions and chats. */
public final class BatchGenerateStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final GenerateOptions options;
    private final BatchOptions given;
    private final DeviceOptions device;
    /** Unit: tokens. */
    private final int positions;
    /** What is known of prompts: of chats where the folder has a template; null where nothing is. */
    private final @Nullable PromptPlan chat;

    private final Answerer answerer;

    private BatchGenerateStage(
            ModelRef model,
            GenerateOptions options,
            BatchOptions given,
            DeviceOptions device,
            int positions,
            @Nullable PromptPlan chat,
            Answerer answerer) {
        this.model = model;
        this.options = options;
        this.given = given;
        this.device = device;
        this.positions = positions;
        this.chat = chat;
        this.answerer = answerer;
    }

    /**
     * Checks on the driver what would fail in every task.
     *
     * @param prompts of which chats follow the chat template's name, variables, date and special texts
     * @param started when the run began; unit: seconds since 1970
     * @param today what chat templates are told is now where no date is given
     * @throws io.textloom.model.ModelException if the model is not a decoder this library runs
     * @throws IllegalArgumentException if the options do not fit the model or a batch
     */
    public static BatchGenerateStage of(
            ModelRef model,
            GenerateOptions options,
            PromptOptions prompts,
            BatchOptions given,
            DeviceOptions device,
            long started,
            LocalDateTime today,
            Configuration conf) {
        int beams = options.sampling().beams().count();
        if (beams > 1) {
            throw new IllegalArgumentException(
                    "generate.beams is " + beams + " but requests of a batch are sampled; expected 1");
        }
        GenerateStage.of(model, options, device, conf);
        ModelFolder folder = ModelLeases.store().localise(model, conf);
        Optional<PromptPlan> plan = PromptPlan.of(prompts, folder.path(), "", today);
        return new BatchGenerateStage(
                model,
                options,
                given,
                device,
                DecoderSpec.of(folder).positions(),
                plan.orElse(null),
                Answerer.of(model.shortName(), model.sha256(), started));
    }

    /** @throws IllegalArgumentException if the options make prompts, which requests bring themselves */
    public static void requireOwnPrompts(PromptOptions prompts) {
        String given = !prompts.template().isEmpty() || !prompts.templateFile().isEmpty()
                ? "generate.template"
                : !prompts.system().isEmpty()
                        ? "generate.system"
                        : !prompts.messagesColumn().isEmpty()
                                ? "generate.messagesColumn"
                                : prompts.examples().isUsed() ? "generate.examples" : "";
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    given + " is given but requests of a batch bring their own prompts; leave it out");
        }
    }

    @Override
    public String name() {
        return "generate";
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
    public boolean computesInBackground() {
        return true;
    }

    @Override
    public Work open(Configuration conf) {
        return new BatchWork(ModelLeases.generative(model, options.engine(), TaskDevices.ofTask(device), conf), this);
    }

    private static final class BatchWork implements Work {
        private final ExecutorModels.Lease<GenerativeModel> lease;
        private final BatchGenerateStage stage;
        private final Generator generator;
        private final GenerateStats stats = new GenerateStats();
        private long truncatedRows;
        private long droppedTokens;

        BatchWork(ExecutorModels.Lease<GenerativeModel> lease, BatchGenerateStage stage) {
            this.lease = lease;
            this.stage = stage;
            this.generator = lease.opening(model -> model.newGenerator(stage.options));
        }

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            PromptPlan chat = stage.chat;
            RequestPrompts prompts = new RequestPrompts(
                    lease.model().tokenizer(),
                    chat == null || !chat.isChat()
                            ? null
                            : new ChatTemplate(chat.chatTemplate(), chat.chatVariables(), chat.now()),
                    chat == null ? List.of() : chat.spellings(),
                    stage.positions);
            BatchRequests requests = new BatchRequests(
                    documents,
                    stage.options.sampling(),
                    stage.given,
                    prompts,
                    new CompletionBody(lease.model().tokenizer(), stage.answerer));
            Iterator<GenerateOutcome> outcomes = generator.generate(requests, stats);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    while (!requests.hasOutcome() && outcomes.hasNext()) {
                        requests.accept(outcomes.next());
                    }
                    return requests.hasOutcome();
                }

                @Override
                public Outcome next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    Outcome outcome = requests.outcome();
                    if (outcome instanceof Outcome.Produced && requests.dropped() > 0) {
                        truncatedRows++;
                        droppedTokens += requests.dropped();
                    }
                    return outcome;
                }
            };
        }

        @Override
        public Meter meter() {
            return Meter.of(stats, truncatedRows, droppedTokens);
        }

        @Override
        public void close() {
            try (lease) {
                generator.close();
            }
        }
    }
}
