package io.textloom.train.heads;

import io.textloom.spark.ml.TextClassifier;
import io.textloom.table.ClassificationTable;
import io.textloom.table.Columns;
import io.textloom.tensor.HeadTask;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A head that {@link TextHeadEstimator} trained: adds what {@link TextClassifier} does. What is saved names the trained folder, which stays where it is. */
public final class TextHeadModel extends Model<TextHeadModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1;
    private static final Set<String> COUNTS =
            Set.of(Columns.ID, Columns.N_TOKENS, Columns.N_DROPPED, Columns.TRUNCATED);

    private final String uid;
    private final Param<String> modelPath;
    private final Param<String> task;
    private final Param<String> inputCol;
    private final Param<String> pairCol;
    private final Param<String> outputPrefix;

    public TextHeadModel() {
        this(Identifiable$.MODULE$.randomUID("TextHeadModel"));
    }

    /** For copies and for what was saved. */
    public TextHeadModel(String uid) {
        this.uid = uid; // Params ask for it when they are made
        modelPath = new Param<>(this, "modelPath", "directory with the trained folder");
        task = new Param<>(this, "task", "sequence, pair, regression, token, span or choice");
        inputCol = new Param<>(this, "inputCol", "column with the texts");
        pairCol =
                new Param<>(this, "pairCol", "column with second texts, questions or lists of choices; none if empty");
        outputPrefix = new Param<>(this, "outputPrefix", "put before the names of the columns label, score and so on");
    }

    /** The Model saved there. */
    public static TextHeadModel load(String path) {
        return read().load(path);
    }

    /** What Pipelines read it with. */
    public static MLReader<TextHeadModel> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    public String uid() {
        return uid;
    }

    private TextClassifier classifier() {
        TextClassifier classifier = new TextClassifier()
                .setModel(getOrDefault(modelPath))
                .setInputCol(getOrDefault(inputCol))
                .setOutputPrefix(getOrDefault(outputPrefix));
        String second = getOrDefault(pairCol);
        if (second.isEmpty()) {
            return classifier;
        }
        return switch (HeadTask.named(getOrDefault(task))) {
            case SPAN -> classifier.setQuestionCol(second);
            case CHOICE -> classifier.setChoicesCol(second);
            default -> classifier.setPairCol(second);
        };
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        return classifier().transform(dataset);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return classifier().transformSchema(schema);
    }

    @Override
    public TextHeadModel copy(ParamMap extra) {
        TextHeadModel copied = defaultCopy(extra);
        copied.setParent(parent());
        return copied;
    }

    static void requireColumn(StructType schema, String column, String param) {
        if (!List.of(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException("There is no column " + column + " among "
                    + String.join(", ", schema.fieldNames()) + "; set " + param + " to one of them");
        }
    }

    static StructType withResults(StructType schema, HeadTask task, String prefix) {
        ClassificationTable.Kind kind = switch (task) {
            case TOKEN -> ClassificationTable.Kind.ENTITIES;
            case SPAN -> ClassificationTable.Kind.SPANS;
            default -> ClassificationTable.Kind.SCORES;
        };
        StructType all = schema;
        for (StructField field : new ClassificationTable(kind).schema().fields()) {
            if (!COUNTS.contains(field.name())) {
                if (List.of(schema.fieldNames()).contains(prefix + field.name())) {
                    throw new IllegalArgumentException("There is a column " + prefix + field.name()
                            + " already; set outputPrefix, or drop the column");
                }
                all = all.add(prefix + field.name(), field.dataType(), true);
            }
        }
        return all;
    }

    public Param<String> modelPath() {
        return modelPath;
    }

    public Param<String> task() {
        return task;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> pairCol() {
        return pairCol;
    }

    public Param<String> outputPrefix() {
        return outputPrefix;
    }

    private TextHeadModel with(Param<String> param, String value) {
        set(param, value);
        return this;
    }

    public TextHeadModel setModelPath(String value) {
        return with(modelPath, value);
    }

    public TextHeadModel setTask(String value) {
        return with(task, value);
    }

    public TextHeadModel setInputCol(String value) {
        return with(inputCol, value);
    }

    public TextHeadModel setPairCol(String value) {
        return with(pairCol, value);
    }

    public TextHeadModel setOutputPrefix(String value) {
        return with(outputPrefix, value);
    }
}
