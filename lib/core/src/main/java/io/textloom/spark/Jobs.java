package io.textloom.spark;

import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.FillMaskOptions;
import io.textloom.embed.EmbedOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.model.ModelRef;
import io.textloom.openai.BatchOptions;
import io.textloom.prompt.PromptOptions;
import io.textloom.score.ChoiceOptions;
import io.textloom.score.LikelihoodOptions;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.plan.Plan;
import io.textloom.spark.plan.Planner;
import io.textloom.spark.stage.BatchEmbedStage;
import io.textloom.spark.stage.BatchGenerateStage;
import io.textloom.spark.stage.ChoiceStage;
import io.textloom.spark.stage.ClassifyStage;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.stage.EmbedStage;
import io.textloom.spark.stage.FillMaskStage;
import io.textloom.spark.stage.GenerateStage;
import io.textloom.spark.stage.LikelihoodStage;
import io.textloom.spark.stage.SideText;
import io.textloom.spark.stage.Stage;
import io.textloom.spark.stage.TokenizeStage;
import io.textloom.table.Columns;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.train.TrainTokenizerOptions;
import io.textloom.token.train.WordSplitters;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The jobs; every method runs a whole job and commits its output. */
public final class Jobs {
    private Jobs() {}

    public static JobReport tokenize(JobContext context, TokenizeOptions options) {
        return tokenize(context, options, List.of(context.model()));
    }

    /** @param models whose tokenizers each document goes through, in place of the context's model */
    public static JobReport tokenize(JobContext context, TokenizeOptions options, List<String> models) {
        return run(tokenizing(context, options, models));
    }

    /** @see #tokenize(JobContext, TokenizeOptions, List) */
    public static JobSpec tokenizing(JobContext context, TokenizeOptions options, List<String> models) {
        return new JobSpec("tokenize", context, models, (refs, conf) -> TokenizeStage.of(refs, options, conf));
    }

    public static JobReport embed(JobContext context, EmbedOptions options) {
        return embed(context, options, DeviceOptions.AUTO, List.of(context.model()));
    }

    /** @param models that each give vectors of every document, in place of the context's model */
    public static JobReport embed(JobContext context, EmbedOptions options, DeviceOptions device, List<String> models) {
        return run(embedding(context, options, device, models));
    }

    /** @see #embed(JobContext, EmbedOptions, DeviceOptions, List) */
    public static JobSpec embedding(
            JobContext context, EmbedOptions options, DeviceOptions device, List<String> models) {
        return new JobSpec("embed", context, models, (refs, conf) -> EmbedStage.of(refs, options, device, conf));
    }

    public static JobReport generate(JobContext context, GenerateOptions options) {
        return generate(context, options, DeviceOptions.AUTO);
    }

    public static JobReport generate(JobContext context, GenerateOptions options, DeviceOptions device) {
        return generate(context, options, PromptOptions.defaults(), device);
    }

    /** @param prompts how prompts are made of rows */
    public static JobReport generate(
            JobContext context, GenerateOptions options, PromptOptions prompts, DeviceOptions device) {
        return run(generating(context, options, prompts, device));
    }

    /** @see #generate(JobContext, GenerateOptions, PromptOptions, DeviceOptions) */
    public static JobSpec generating(
            JobContext context, GenerateOptions options, PromptOptions prompts, DeviceOptions device) {
        GenerateOptions whole =
                SettingFile.withSchema(options, context.spark().sparkContext().hadoopConfiguration());
        String limits = options.maxNewTokensColumn();
        Prompting prompting = Prompting.of(
                withSchema(context, options, whole), prompts, limits.isEmpty() ? List.of() : List.of(limits));
        return new JobSpec("generate", prompting.context(), List.of(context.model()), (refs, conf) -> {
            GenerateStage stage = GenerateStage.of(refs.get(0), whole, device, conf);
            return stage.reading(prompting.columns(), prompting.source());
        });
    }

    /**
     * The generate job over OpenAI's batch files.
     *
     * @param prompts of which chats follow what belongs to the chat template
     */
    public static JobReport generateBatch(
            JobContext context,
            GenerateOptions options,
            PromptOptions prompts,
            BatchOptions given,
            DeviceOptions device) {
        return run(generatingBatch(context, options, prompts, given, device));
    }

    /** @see #generateBatch */
    public static JobSpec generatingBatch(
            JobContext context,
            GenerateOptions options,
            PromptOptions prompts,
            BatchOptions given,
            DeviceOptions device) {
        BatchGenerateStage.requireOwnPrompts(prompts);
        if (!options.maxNewTokensColumn().isEmpty()) {
            throw new IllegalArgumentException("generate.maxNewTokensColumn is " + options.maxNewTokensColumn()
                    + " but requests of a batch say max_tokens themselves; leave it out");
        }
        GenerateOptions whole =
                SettingFile.withSchema(options, context.spark().sparkContext().hadoopConfiguration());
        LocalDateTime today = Prompting.today();
        return new JobSpec(
                "generate",
                Prompting.ofBatch(withSchema(context.batch(), options, whole), prompts, today),
                List.of(context.model()),
                (refs, conf) -> BatchGenerateStage.of(
                        refs.get(0),
                        whole,
                        prompts,
                        given,
                        device,
                        Instant.now().getEpochSecond(),
                        today,
                        conf));
    }

    /** The context with the JSON schema itself where the options name its file. */
    private static JobContext withSchema(JobContext context, GenerateOptions given, GenerateOptions whole) {
        return whole.equals(given)
                ? context
                : context.with(
                        SettingFile.JSON_SCHEMA, whole.sampling().constraint().jsonSchema());
    }

    /** The embed job over OpenAI's batch files. */
    public static JobReport embedBatch(
            JobContext context, EmbedOptions options, DeviceOptions device, List<String> models) {
        return run(embeddingBatch(context, options, device, models));
    }

    /** @see #embedBatch */
    public static JobSpec embeddingBatch(
            JobContext context, EmbedOptions options, DeviceOptions device, List<String> models) {
        return new JobSpec(
                "embed",
                context.batch(),
                models,
                (refs, conf) ->
                        BatchEmbedStage.of(refs, options, device, Instant.now().getEpochSecond(), conf));
    }

    public static JobReport classify(JobContext context, ClassifyOptions options) {
        return classify(context, options, DeviceOptions.AUTO);
    }

    public static JobReport classify(JobContext context, ClassifyOptions options, DeviceOptions device) {
        return run(classifying(context, options, device));
    }

    /** @see #classify(JobContext, ClassifyOptions, DeviceOptions) */
    public static JobSpec classifying(JobContext context, ClassifyOptions options, DeviceOptions device) {
        Optional<SideText> side = options.choicesColumn().isEmpty()
                ? side(context, options.otherColumn())
                : side(context, Optional.of(options.choicesColumn())).map(SideText::ofLists);
        return new JobSpec(
                "classify",
                context.reading(side),
                List.of(context.model()),
                (refs, conf) -> ClassifyStage.of(refs.get(0), options, side, device, conf));
    }

    public static JobReport fillMask(JobContext context, FillMaskOptions options) {
        return fillMask(context, options, DeviceOptions.AUTO);
    }

    /** The score job's task fill-mask. */
    public static JobReport fillMask(JobContext context, FillMaskOptions options, DeviceOptions device) {
        return run(fillingMasks(context, options, device));
    }

    /** @see #fillMask(JobContext, FillMaskOptions, DeviceOptions) */
    public static JobSpec fillingMasks(JobContext context, FillMaskOptions options, DeviceOptions device) {
        Optional<SideText> side = side(context, options.otherColumn());
        return new JobSpec(
                "score",
                context.reading(side),
                List.of(context.model()),
                (refs, conf) -> FillMaskStage.of(refs.get(0), options, side, device, conf));
    }

    public static JobReport likelihood(JobContext context, LikelihoodOptions options) {
        return likelihood(context, options, DeviceOptions.AUTO);
    }

    /** The score job's task log-likelihood. */
    public static JobReport likelihood(JobContext context, LikelihoodOptions options, DeviceOptions device) {
        return run(scoring(context, options, device));
    }

    /** @see #likelihood(JobContext, LikelihoodOptions, DeviceOptions) */
    public static JobSpec scoring(JobContext context, LikelihoodOptions options, DeviceOptions device) {
        Optional<SideText> side = side(context, options.otherColumn());
        return new JobSpec(
                "score",
                context.reading(side),
                List.of(context.model()),
                (refs, conf) -> LikelihoodStage.of(refs.get(0), options, side, device, conf));
    }

    public static JobReport choices(JobContext context, ChoiceOptions options) {
        return choices(context, options, DeviceOptions.AUTO);
    }

    /** The score job's task choices; the column of right choices is kept. */
    public static JobReport choices(JobContext context, ChoiceOptions options, DeviceOptions device) {
        return run(choosing(context, options, device));
    }

    /** @see #choices(JobContext, ChoiceOptions, DeviceOptions) */
    public static JobSpec choosing(JobContext context, ChoiceOptions options, DeviceOptions device) {
        options.rightColumn().ifPresent(column -> {
            List<String> partitions = context.output().partitionBy();
            if (partitions.contains(column) || partitions.contains(Columns.LABEL)) {
                throw new IllegalArgumentException("score.labelColumn is " + column + " but partitionBy " + partitions
                        + " takes the columns that make the accuracy out of the files; leave out one of the two");
            }
        });
        JobContext keeping = options.rightColumn().map(context::keeping).orElse(context);
        Optional<SideText> side = side(keeping, options.otherColumn()).map(SideText::ofLists);
        return new JobSpec(
                "score",
                keeping.reading(side),
                List.of(context.model()),
                (refs, conf) -> ChoiceStage.of(refs.get(0), options, side, device, conf));
    }

    private static Optional<SideText> side(JobContext context, Optional<String> column) {
        return column.map(name -> SideText.of(name, context.intake().keepColumns()));
    }

    /** @param context its model is not looked at */
    public static TrainReport trainTokenizer(JobContext context, TrainTokenizerOptions options) {
        return TokenizerTraining.run(context, options, () -> WordSplitters.of(options));
    }

    /**
     * A training of an add-on jar, which its options choose.
     *
     * @throws IllegalArgumentException if the jar is not on the class path
     */
    public static <O> TrainReport train(JobContext context, O options) {
        return addOns(AddOnTraining.class.getClassLoader(), options)
                .or(() -> addOns(Thread.currentThread().getContextClassLoader(), options))
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "This training ("
                                        + options.getClass().getSimpleName()
                                        + ") is in the add-on jar textloom-train, which is not on the class path, or is of an older version;"
                                        + " pass lib/train/target/textloom-train-VERSION.jar with --jars, or as TEXTLOOM_JARS to the launcher"))
                .run(context, options);
    }

    @SuppressWarnings("unchecked") // its options say so
    private static <O> Optional<AddOnTraining<O>> addOns(ClassLoader loader, O options) {
        for (AddOnTraining<?> training : ServiceLoader.load(AddOnTraining.class, loader)) {
            if (training.options() == options.getClass()) {
                return Optional.of((AddOnTraining<O>) training);
            }
        }
        return Optional.empty();
    }

    /** @param readInput whether the input the manifest names is read again and every row of it looked for */
    public static VerifyReport verify(SparkSession spark, String output, boolean readInput) {
        return verify(spark, output, new VerifyOptions(readInput, 0, 0), (session, job, settings) -> {
            throw new IllegalStateException("nothing is to be computed again");
        });
    }

    /** @param again runs a job by its settings, where rows are to be computed again */
    public static VerifyReport verify(SparkSession spark, String output, VerifyOptions options, JobBySettings again) {
        return Verification.verify(spark, output, options, again);
    }

    /** Runs the job and commits its output. */
    public static JobReport run(JobSpec spec) {
        return new JobExecution(spec).run();
    }

    /**
     * What the job would do; reads a sample, writes nothing to the output and takes no lock.
     *
     * @param sampleRows looked at, about
     * @param seconds for which the engine is measured
     */
    public static Plan explain(JobSpec spec, int sampleRows, double seconds) {
        JobContext context = spec.context();
        Configuration conf = context.spark().sparkContext().hadoopConfiguration();
        List<ModelRef> refs = spec.resolve(conf);
        Stage stage = spec.stages().apply(refs, conf);
        context.requireBatchOf(stage.columns());
        return new Planner(context.spark(), sampleRows, seconds)
                .plan(
                        spec.job(),
                        stage,
                        refs,
                        ModelFacts.of(refs, conf),
                        context.output(),
                        context.intake().qualified(conf),
                        Redaction.settings(context.settings()));
    }
}
