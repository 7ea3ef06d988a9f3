package io.textloom.spark.ml;

import io.textloom.classify.Aggregation;
import io.textloom.classify.AnswerForm;
import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.ClassifyTask;
import io.textloom.classify.ScoreFunction;
import io.textloom.model.ModelRef;
import io.textloom.spark.stage.ClassifyStage;
import io.textloom.spark.stage.SideText;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Texts to labels, entities or answers by a fine-tuned model, as the classify job finds them: columns {@code label} and {@code score}, and by the model's task
 * {@code scores}, {@code entities}, or {@code spans} and {@code null_score}, each behind {@code outputPrefix}.
 *
 * <p>What columns there are depends on the model, so {@code transformSchema} opens it, too.
 */
public final class TextClassifier extends EncoderTransformer<TextClassifier> {
    private static final long serialVersionUID = 1;
    private static final ClassifyOptions DEFAULTS = ClassifyOptions.defaults();

    /** Columns of the stage that are here on request alone. */
    private static final Set<String> COUNTS =
            Set.of(Columns.ID, Columns.N_TOKENS, Columns.N_DROPPED, Columns.TRUNCATED);

    private final Param<String> outputPrefix =
            new Param<>(this, "outputPrefix", "put before the names of the columns label, score and so on");
    private final Choice<ClassifyTask> task =
            new Choice<>(this, "task", "what the model is used for", ClassifyTask.class);
    private final IntParam topK =
            new IntParam(this, "topK", "labels or answers kept; 0 for all labels, and one answer");
    private final DoubleParam threshold = new DoubleParam(
            this, "threshold", "of a multi-label model: labels below it are left out; unit: probability");
    private final Choice<ScoreFunction> activation =
            new Choice<>(this, "activation", "what makes scores of a text's logits", ScoreFunction.class);
    private final Choice<Aggregation> aggregation =
            new Choice<>(this, "aggregation", "how the labels of tokens become entities", Aggregation.class);
    private final Choice<AnswerForm> answers =
            new Choice<>(this, "answers", "what counts as an answer in a text", AnswerForm.class);
    private final IntParam answerTokens = new IntParam(this, "answerTokens", "longest answer; unit: tokens");
    private final BooleanParam nullAnswer =
            new BooleanParam(this, "nullAnswer", "whether it is an answer that there is none");
    private final Param<String> question = new Param<>(this, "question", "asked of every text; none if empty");
    private final Param<String> questionCol = new Param<>(this, "questionCol", "column with a question for each text");
    private final Param<String> query = new Param<>(this, "query", "put before every text of a pair; none if empty");
    private final Param<String> queryCol = new Param<>(this, "queryCol", "column with what is put before each text");
    private final Param<String> pairCol = new Param<>(this, "pairCol", "column with what is put behind each text");

    private final Param<String> head =
            new Param<>(this, "head", "which of a folder's heads on frozen vectors; the only one if empty");
    private final Param<String> choicesCol =
            new Param<>(this, "choicesCol", "column with a list of choices for each text");

    public TextClassifier() {
        this(Identifiable$.MODULE$.randomUID("TextClassifier"));
    }

    /** For copies and for what was saved. */
    public TextClassifier(String uid) {
        super(uid);
        setDefault(stride(), DEFAULTS.stride());
        setDefault(outputPrefix, "");
        setDefault(task, Choice.name(DEFAULTS.task()));
        setDefault(topK, DEFAULTS.topK());
        setDefault(threshold, DEFAULTS.threshold());
        setDefault(activation, Choice.name(DEFAULTS.activation()));
        setDefault(aggregation, Choice.name(DEFAULTS.aggregation()));
        setDefault(answers, Choice.name(DEFAULTS.answers()));
        setDefault(answerTokens, DEFAULTS.answerTokens());
        setDefault(nullAnswer, DEFAULTS.nullAnswer());
        setDefault(question, DEFAULTS.question());
        setDefault(query, DEFAULTS.query());
        setDefault(head, DEFAULTS.head());
    }

    /** The classifier saved there. */
    public static TextClassifier load(String path) {
        return read().load(path);
    }

    /** What Pipelines read it with. */
    public static MLReader<TextClassifier> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    Stage stage(ModelRef ref, StructType schema, Configuration conf) {
        ClassifyOptions options = options();
        if (isSet(choicesCol)) {
            requireTexts(schema, getChoicesCol());
            SideText choices = new SideText(getChoicesCol(), schema.fieldIndex(getChoicesCol()), true).ofLists();
            return ClassifyStage.of(ref, options, Optional.of(choices), deviceOptions(), conf);
        }
        Optional<SideText> side = options.otherColumn().map(column -> {
            requireText(schema, column, "the Param that names it");
            return new SideText(column, schema.fieldIndex(column), true);
        });
        return ClassifyStage.of(ref, options, side, deviceOptions(), conf);
    }

    @Override
    List<OutputColumn> results(Supplier<Stage> stage) {
        List<OutputColumn> columns = new ArrayList<>();
        for (StructField field : stage.get().columns().fields()) {
            if (!COUNTS.contains(field.name())) {
                columns.add(OutputColumn.same(getOutputPrefix() + field.name(), field.name(), field.dataType()));
            }
        }
        addCounts(columns);
        return columns;
    }

    private static void requireTexts(StructType schema, String column) {
        DataType type = schema.apply(column).dataType();
        if (!(type instanceof ArrayType list) || list.elementType() != DataTypes.StringType) {
            throw new IllegalArgumentException(
                    "choicesCol is " + column + ", a column of " + type.sql() + "; expected lists of strings");
        }
    }

    private ClassifyOptions options() {
        return new ClassifyOptions(
                task.constant(getTask()),
                getTopK(),
                getThreshold(),
                activation.constant(getActivation()),
                aggregation.constant(getAggregation()),
                answers.constant(getAnswers()),
                getAnswerTokens(),
                getNullAnswer(),
                getQuestion(),
                column(questionCol),
                getQuery(),
                column(queryCol),
                column(pairCol),
                getHead(),
                column(choicesCol),
                getMaxTokens(),
                getStride(),
                chosenLongDocuments(),
                chosenPrecision(),
                getBatchTokens());
    }

    private String column(Param<String> param) {
        return isSet(param) ? getOrDefault(param) : "";
    }

    @Override
    TextClassifier self() {
        return this;
    }

    public Param<String> outputPrefix() {
        return outputPrefix;
    }

    public Param<String> task() {
        return task;
    }

    public IntParam topK() {
        return topK;
    }

    public DoubleParam threshold() {
        return threshold;
    }

    public Param<String> activation() {
        return activation;
    }

    public Param<String> aggregation() {
        return aggregation;
    }

    public Param<String> answers() {
        return answers;
    }

    public IntParam answerTokens() {
        return answerTokens;
    }

    public BooleanParam nullAnswer() {
        return nullAnswer;
    }

    public Param<String> question() {
        return question;
    }

    public Param<String> questionCol() {
        return questionCol;
    }

    public Param<String> query() {
        return query;
    }

    public Param<String> queryCol() {
        return queryCol;
    }

    public Param<String> pairCol() {
        return pairCol;
    }

    public Param<String> head() {
        return head;
    }

    public Param<String> choicesCol() {
        return choicesCol;
    }

    /** @param value one of the names in the folder's heads.json; empty for the only one */
    public TextClassifier setHead(String value) {
        return with(head, value);
    }

    public String getHead() {
        return getOrDefault(head);
    }

    /** @param value a column of lists of strings */
    public TextClassifier setChoicesCol(String value) {
        return with(choicesCol, value);
    }

    public String getChoicesCol() {
        return getOrDefault(choicesCol);
    }

    public TextClassifier setOutputPrefix(String value) {
        return with(outputPrefix, value);
    }

    public String getOutputPrefix() {
        return getOrDefault(outputPrefix);
    }

    /** @param value auto, sequence, token, question-answering, pair or choice */
    public TextClassifier setTask(String value) {
        return with(task, value);
    }

    public String getTask() {
        return getOrDefault(task);
    }

    /** @param value labels or answers kept; 0 for all labels, and one answer */
    public TextClassifier setTopK(int value) {
        return with(topK, value);
    }

    public int getTopK() {
        return (int) getOrDefault(topK);
    }

    /** @param value labels of a multi-label model below it are left out; unit: probability */
    public TextClassifier setThreshold(double value) {
        return with(threshold, value);
    }

    public double getThreshold() {
        return (double) getOrDefault(threshold);
    }

    /** @param value auto, softmax, sigmoid or none */
    public TextClassifier setActivation(String value) {
        return with(activation, value);
    }

    public String getActivation() {
        return getOrDefault(activation);
    }

    /** @param value none, simple, first, average or max */
    public TextClassifier setAggregation(String value) {
        return with(aggregation, value);
    }

    public String getAggregation() {
        return getOrDefault(aggregation);
    }

    /** @param value words or tokens */
    public TextClassifier setAnswers(String value) {
        return with(answers, value);
    }

    public String getAnswers() {
        return getOrDefault(answers);
    }

    /** @param value longest answer; unit: tokens */
    public TextClassifier setAnswerTokens(int value) {
        return with(answerTokens, value);
    }

    public int getAnswerTokens() {
        return (int) getOrDefault(answerTokens);
    }

    public TextClassifier setNullAnswer(boolean value) {
        return with(nullAnswer, value);
    }

    public boolean getNullAnswer() {
        return (boolean) getOrDefault(nullAnswer);
    }

    /** @param value asked of every text */
    public TextClassifier setQuestion(String value) {
        return with(question, value);
    }

    public String getQuestion() {
        return getOrDefault(question);
    }

    /** @param value a column string, with a question for each text */
    public TextClassifier setQuestionCol(String value) {
        return with(questionCol, value);
    }

    public String getQuestionCol() {
        return getOrDefault(questionCol);
    }

    /** @param value put before every text: with a cross-encoder, what the texts are ranked for */
    public TextClassifier setQuery(String value) {
        return with(query, value);
    }

    public String getQuery() {
        return getOrDefault(query);
    }

    /** @param value a column string, with what is put before each text */
    public TextClassifier setQueryCol(String value) {
        return with(queryCol, value);
    }

    public String getQueryCol() {
        return getOrDefault(queryCol);
    }

    /** @param value a column string, with what is put behind each text */
    public TextClassifier setPairCol(String value) {
        return with(pairCol, value);
    }

    public String getPairCol() {
        return getOrDefault(pairCol);
    }
}
