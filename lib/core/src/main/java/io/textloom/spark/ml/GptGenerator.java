package io.textloom.spark.ml;

import io.textloom.generate.EngineOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.model.ModelRef;
import io.textloom.prompt.PromptPlan;
import io.textloom.spark.stage.GenerateStage;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.PromptSource;
import io.textloom.spark.stage.SideColumns;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasOutputCol;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Prompts to completions, as the generate job makes them. Rows keep their number: with {@code samples} above 1 the completion and what is told of it are
 * arrays with an item for each sample, which {@code posexplode} makes rows of.
 *
 * <p>A row's random draws come from {@code seed}, the row's id and the sample's number. The id is {@code idCol}; without it it is made of the columns that
 * the prompt reads, so that neither partitions nor order change a text, and rows with equal prompts get equal texts.
 */
public final class GptGenerator extends SamplingTransformer<GptGenerator> implements HasOutputCol {
    private static final long serialVersionUID = 1;

    private final Param<String> outputCol;
    private final Param<String> idCol;
    private final Param<String> promptCol;
    private final Param<String> finishReasonCol;
    private final Param<String> promptTokensCol;
    private final Param<String> completionTokensCol;
    private final Param<String> logprobCol;
    private final IntParam slots;
    private final IntParam kvMemory;
    private final BooleanParam prefixCache;

    public GptGenerator() {
        this(Identifiable$.MODULE$.randomUID("GptGenerator"));
    }

    /** For copies and for what was saved. */
    public GptGenerator(String uid) {
        super(uid);
        outputCol = new Param<>(this, "outputCol", "column for the completions");
        idCol = new Param<>(
                this,
                "idCol",
                "column with the rows' ids, which random draws come from; the prompt's content if not set");
        promptCol = new Param<>(this, "promptCol", "column for the prompt as the model got it; none if not set");
        finishReasonCol = new Param<>(
                this, "finishReasonCol", "column for why a completion ended, stop or length; none if not set");
        promptTokensCol =
                new Param<>(this, "promptTokensCol", "column for the number of tokens of the prompt; none if not set");
        completionTokensCol = new Param<>(
                this, "completionTokensCol", "column for the number of tokens of the completion; none if not set");
        logprobCol =
                new Param<>(this, "logprobCol", "column for the log-probability of the completion; none if not set");
        slots = new IntParam(this, "slots", "rows decoded together; part of what a result depends on");
        kvMemory = new IntParam(
                this,
                "kvMemory",
                "most memory of an executor for keys and values; 0 for a quarter of the machine's; unit: MiB");
        prefixCache =
                new BooleanParam(this, "prefixCache", "whether the beginning that prompts share is computed once");
        setDefault(model(), "storyteller");
        setDefault(outputCol, Columns.COMPLETION);
        setDefault(slots, EngineOptions.DEFAULT.slots());
        setDefault(kvMemory, EngineOptions.DEFAULT.kvMemory());
        setDefault(prefixCache, EngineOptions.DEFAULT.prefixCache());
    }

    /** The generator saved there. */
    public static GptGenerator load(String path) {
        return read().load(path);
    }

    /** What Pipelines read it with. */
    public static MLReader<GptGenerator> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    Stage stage(ModelRef ref, StructType schema, Configuration conf) {
        GenerateOptions options = new GenerateOptions(
                sampling(),
                "",
                chosenLongPrompts(),
                new EngineOptions(chosenPrecision(), getSlots(), getKvMemory(), getPrefixCache()));
        Optional<PromptPlan> plan = plan(ref, conf);
        SideColumns columns = columns(plan, schema);
        if (isSet(idCol)) {
            RowIds.requireId(schema, getIdCol());
        }
        GenerateStage stage = GenerateStage.of(ref, options, deviceOptions(), conf);
        return plan.isEmpty()
                ? stage
                : stage.reading(columns, Optional.of(new PromptSource(plan.get(), columns, null, null)))
                        .reading(schema);
    }

    /** Empty where the text column is the prompt as it is. */
    private Optional<PromptPlan> plan(ModelRef ref, Configuration conf) {
        return PromptPlan.of(
                prompts(),
                ModelLeases.store().localise(ref, conf).path(),
                getInputCol(),
                LocalDate.now().atStartOfDay());
    }

    /** What the prompt reads beside the text, by their places in the row. */
    private SideColumns columns(Optional<PromptPlan> plan, StructType schema) {
        if (readsText(plan)) {
            requireText(schema, getInputCol(), "inputCol");
        }
        List<String> read = new ArrayList<>();
        if (plan.isPresent()) {
            List<String> present = Arrays.asList(schema.fieldNames());
            for (String column : plan.get().required()) {
                requireColumn(schema, column, "template or messagesCol");
                read.add(column);
            }
            plan.get().optional().stream().filter(present::contains).forEach(read::add);
            if (read.isEmpty() && !readsText(plan)) {
                throw new IllegalArgumentException(
                        "template reads no column; expected one at least, such as {{ " + getInputCol() + " }}");
            }
        }
        return new SideColumns(
                read,
                read.stream().map(schema::fieldIndex).map(Integer.class::cast).toList(),
                List.of());
    }

    private static boolean readsText(Optional<PromptPlan> plan) {
        return plan.isEmpty() || plan.get().readsText();
    }

    /** They depend on the prompt's template, which may be the model's. */
    @Override
    void requireInputs(StructType schema) {}

    @Override
    RowDocuments documents(ModelRef ref, StructType schema, Configuration conf) {
        Optional<PromptPlan> plan = plan(ref, conf);
        int text = readsText(plan) ? schema.fieldIndex(getInputCol()) : RowDocuments.NO_TEXT;
        return new RowDocuments(
                text,
                isSet(idCol)
                        ? RowIds.ofColumn(schema, getIdCol())
                        : RowIds.ofContent(schema, text, columns(plan, schema).ordinals()));
    }

    @Override
    List<OutputColumn> results(Supplier<Stage> stage) {
        StructType given = stage.get().columns();
        List<OutputColumn> columns = new ArrayList<>();
        columns.add(perSample(getOutputCol(), given.apply(Columns.COMPLETION)));
        if (isSet(promptCol)) {
            columns.add(perPrompt(getPromptCol(), given.apply(Columns.PROMPT)));
        }
        if (isSet(finishReasonCol)) {
            columns.add(perSample(getFinishReasonCol(), given.apply(Columns.FINISH_REASON)));
        }
        if (isSet(promptTokensCol)) {
            columns.add(perPrompt(getPromptTokensCol(), given.apply(Columns.N_PROMPT_TOKENS)));
        }
        if (isSet(completionTokensCol)) {
            columns.add(perSample(getCompletionTokensCol(), given.apply(Columns.N_COMPLETION_TOKENS)));
        }
        if (isSet(logprobCol)) {
            columns.add(perSample(getLogprobCol(), given.apply(Columns.LOGPROB)));
        }
        addTruncated(columns);
        return columns;
    }

    private static OutputColumn perPrompt(String name, StructField ofStage) {
        return OutputColumn.same(name, ofStage.name(), ofStage.dataType());
    }

    private OutputColumn perSample(String name, StructField ofStage) {
        return getSamples() > 1
                ? OutputColumn.list(name, ofStage.name(), ofStage.dataType())
                : OutputColumn.same(name, ofStage.name(), ofStage.dataType());
    }

    @Override
    GptGenerator self() {
        return this;
    }

    @Override
    public Param<String> outputCol() {
        return outputCol;
    }

    /** For Scala's initialisation of the trait, which has no part here: the constructor makes the Param. */
    @Override
    public void org$apache$spark$ml$param$shared$HasOutputCol$_setter_$outputCol_$eq(Param<String> ignored) {}

    public Param<String> idCol() {
        return idCol;
    }

    public Param<String> promptCol() {
        return promptCol;
    }

    public Param<String> finishReasonCol() {
        return finishReasonCol;
    }

    public Param<String> promptTokensCol() {
        return promptTokensCol;
    }

    public Param<String> completionTokensCol() {
        return completionTokensCol;
    }

    public Param<String> logprobCol() {
        return logprobCol;
    }

    public IntParam slots() {
        return slots;
    }

    public IntParam kvMemory() {
        return kvMemory;
    }

    public BooleanParam prefixCache() {
        return prefixCache;
    }

    public GptGenerator setOutputCol(String value) {
        return with(outputCol, value);
    }

    /** @param value a column string or of whole numbers; random draws come from it, so it should differ from row to row */
    public GptGenerator setIdCol(String value) {
        return with(idCol, value);
    }

    public String getIdCol() {
        return getOrDefault(idCol);
    }

    /** Adds a column string: the prompt made of the row. */
    public GptGenerator setPromptCol(String value) {
        return with(promptCol, value);
    }

    public String getPromptCol() {
        return getOrDefault(promptCol);
    }

    /** Adds a column string: {@code stop} or {@code length}. */
    public GptGenerator setFinishReasonCol(String value) {
        return with(finishReasonCol, value);
    }

    public String getFinishReasonCol() {
        return getOrDefault(finishReasonCol);
    }

    /** Adds a column int: tokens of the prompt. */
    public GptGenerator setPromptTokensCol(String value) {
        return with(promptTokensCol, value);
    }

    public String getPromptTokensCol() {
        return getOrDefault(promptTokensCol);
    }

    /** Adds a column int: tokens of the completion, the end token included. */
    public GptGenerator setCompletionTokensCol(String value) {
        return with(completionTokensCol, value);
    }

    public String getCompletionTokensCol() {
        return getOrDefault(completionTokensCol);
    }

    /** Adds a column double: natural logarithm of the probability of the completion's tokens, at temperature 1. */
    public GptGenerator setLogprobCol(String value) {
        return with(logprobCol, value);
    }

    public String getLogprobCol() {
        return getOrDefault(logprobCol);
    }

    /** @param value rows decoded together; part of what a result depends on, as is the precision */
    public GptGenerator setSlots(int value) {
        return with(slots, value);
    }

    public int getSlots() {
        return (int) getOrDefault(slots);
    }

    /** @param value 0 for a quarter of the machine's; unit: MiB */
    public GptGenerator setKvMemory(int value) {
        return with(kvMemory, value);
    }

    public int getKvMemory() {
        return (int) getOrDefault(kvMemory);
    }

    /** @param value whether the beginning that prompts share is computed once per executor */
    public GptGenerator setPrefixCache(boolean value) {
        return with(prefixCache, value);
    }

    public boolean getPrefixCache() {
        return (boolean) getOrDefault(prefixCache);
    }
}
