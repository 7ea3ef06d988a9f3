package io.textloom.spark.ml;

import io.textloom.model.ModelRef;
import io.textloom.spark.stage.DeviceChoice;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import io.textloom.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.shared.HasInputCol;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A Transformer that runs a model over a column of texts and adds columns of what it says. Rows keep their number, order and other columns; a text that is
 * null, blank, not UTF-8 or rejected by the model gets nulls, and its reason in {@code errorCol}.
 *
 * <p>{@code transform} finds the model, hashes it and opens it on the driver, to fail early and to know its dimensions; the rest is planned, not run. What
 * travels is the model's reference: executors check the hash, open it once and lease it to their tasks.
 *
 * @param <T> the Transformer itself, which setters return
 */
public abstract class ModelTransformer<T extends ModelTransformer<T>> extends Transformer
        implements HasInputCol, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> model;
    private final Param<String> modelSha256;
    private final Choice<Precision> precision;
    private final Choice<DeviceChoice> device;
    private final Param<String> providerLibrary;
    private final Param<String> truncatedCol;
    private final Param<String> errorCol;

    /** @param without no choice of this stage */
    ModelTransformer(String uid, Precision without) {
        this.uid = uid; // Params ask for it when they are made
        inputCol = new Param<>(this, "inputCol", "column with the texts");
        model = new Param<>(this, "model", "built-in model, or folder on any file system that Hadoop reads");
        modelSha256 = new Param<>(this, "modelSha256", "hash that the model must have; any if not set");
        precision = new Choice<>(this, "precision", "in which numbers the model computes", Precision.class, without);
        device = new Choice<>(this, "device", "what the model runs on", DeviceChoice.class);
        providerLibrary = new Param<>(this, "providerLibrary", "file of a CUDA plugin provider on the executors");
        truncatedCol = new Param<>(this, "truncatedCol", "column for whether text was cut off; none if not set");
        errorCol = new Param<>(this, "errorCol", "column for why a row has no result; none if not set");
        setDefault(inputCol, "text");
        setDefault(precision, Choice.name(Precision.FLOAT32));
        setDefault(device, Choice.name(DeviceChoice.AUTO));
        setDefault(providerLibrary, "");
    }

    /**
     * The columns that are added but for {@code errorCol}.
     *
     * @param stage opens the model; not asked for where the Params say enough
     * @throws IllegalArgumentException if the Params do not fit each other
     */
    abstract List<OutputColumn> results(Supplier<Stage> stage);

    /**
     * What runs on executors.
     *
     * @param schema of the rows that it will get
     * @throws IllegalArgumentException if the Params do not fit the model
     */
    abstract Stage stage(ModelRef ref, StructType schema, Configuration conf);

    abstract T self();

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = dataset.schema();
        Opening opening = new Opening(dataset::sparkSession, schema);
        result(schema, opening);
        Stage stage = opening.get();
        List<OutputColumn> outputs = outputs(opening);
        StageFunction function = new StageFunction(
                uid + "(" + opening.ref().shortName() + ")",
                stage,
                documents(opening.ref(), schema, opening.conf()),
                outputs.stream().map(o -> o.reader(stage)).toList(),
                new SerializableConfiguration(opening.conf()));
        return AppendedColumns.append(
                dataset, outputs.stream().map(o -> o.field(stage)).toList(), function);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return result(schema, new Opening(SparkSession::active, schema));
    }

    private StructType result(StructType schema, Supplier<Stage> stage) {
        requireInputs(schema);
        StructType result = schema;
        for (OutputColumn output : outputs(stage)) {
            for (String name : result.fieldNames()) {
                if (SQLConf.get().resolver().apply(name, output.name()) instanceof Boolean same && same) {
                    throw new IllegalArgumentException("There is a column " + name + " already, where " + uid
                            + " would add one of that name; choose another name or drop the column");
                }
            }
            result = result.add(output.field());
        }
        return result;
    }

    private List<OutputColumn> outputs(Supplier<Stage> stage) {
        List<OutputColumn> outputs = new ArrayList<>(results(stage));
        if (isSet(errorCol)) {
            outputs.add(OutputColumn.error(getErrorCol()));
        }
        return outputs;
    }

    /** Whether text was cut off, if a column was named for it. */
    void addTruncated(List<OutputColumn> columns) {
        if (isSet(truncatedCol)) {
            columns.add(OutputColumn.same(getTruncatedCol(), Columns.TRUNCATED, DataTypes.BooleanType));
        }
    }

    /** Checks the columns that are read, as far as that needs no model. */
    void requireInputs(StructType schema) {
        requireText(schema, getInputCol(), "inputCol");
    }

    /** How rows become what the stage reads. */
    RowDocuments documents(ModelRef ref, StructType schema, Configuration conf) {
        return new RowDocuments(schema.fieldIndex(getInputCol()), RowIds.NONE);
    }

    /** @param param that names the column */
    static void requireColumn(StructType schema, String column, String param) {
        if (!List.of(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException("There is no column " + column + " among "
                    + String.join(", ", schema.fieldNames()) + "; set " + param + " to a column with texts");
        }
    }

    /** @param param that names the column */
    static void requireText(StructType schema, String column, String param) {
        requireColumn(schema, column, param);
        DataType type = schema.apply(column).dataType();
        if (!type.equals(DataTypes.StringType)) {
            throw new IllegalArgumentException("The column " + column + " is of type " + type.simpleString()
                    + "; expected string, cast it or set " + param + " to another");
        }
    }

    /** Finds the model, checks its hash and opens it on the driver: at most once, and only if somebody asks. */
    private final class Opening implements Supplier<Stage> {
        private final Supplier<SparkSession> spark;
        private final StructType schema;
        private @Nullable ModelRef ref;
        private @Nullable Stage stage;

        Opening(Supplier<SparkSession> spark, StructType schema) {
            this.spark = spark;
            this.schema = schema;
        }

        @Override
        public Stage get() {
            if (stage == null) {
                stage = ModelTransformer.this.stage(ref(), schema, conf());
            }
            return stage;
        }

        Configuration conf() {
            return spark.get().sparkContext().hadoopConfiguration();
        }

        ModelRef ref() {
            if (ref != null) {
                return ref;
            }
            if (!isDefined(model)) {
                throw new IllegalArgumentException("model is not set; expected a built-in model or a folder");
            }
            ModelRef found = ModelLeases.store().resolve(getModel(), conf());
            if (isSet(modelSha256) && !getModelSha256().equals(found.sha256())) {
                throw new IllegalArgumentException(
                        "The model " + getModel() + " has sha-256 " + found.sha256() + " but modelSha256 is "
                                + getModelSha256() + "; bring back the model as it was, or clear modelSha256");
            }
            ref = found;
            return found;
        }
    }

    @Override
    public T copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Param<String> inputCol() {
        return inputCol;
    }

    /** For Scala's initialisation of the trait, which has no part here: the constructor makes the Param. */
    @Override
    public void org$apache$spark$ml$param$shared$HasInputCol$_setter_$inputCol_$eq(Param<String> ignored) {}

    public Param<String> model() {
        return model;
    }

    public Param<String> modelSha256() {
        return modelSha256;
    }

    public Param<String> precision() {
        return precision;
    }

    public Param<String> device() {
        return device;
    }

    public Param<String> providerLibrary() {
        return providerLibrary;
    }

    public Param<String> truncatedCol() {
        return truncatedCol;
    }

    public Param<String> errorCol() {
        return errorCol;
    }

    public T setInputCol(String value) {
        return with(inputCol, value);
    }

    /** @param value a built-in model, or a folder on any file system that Hadoop reads */
    public T setModel(String value) {
        return with(model, value);
    }

    public String getModel() {
        return getOrDefault(model);
    }

    /** Pins the model: with another content under the same name, {@code transform} fails. */
    public T setModelSha256(String value) {
        return with(modelSha256, value);
    }

    public String getModelSha256() {
        return getOrDefault(modelSha256);
    }

    /** @param value float32, int8, or by the stage float16 or int4 */
    public T setPrecision(String value) {
        return with(precision, value);
    }

    public String getPrecision() {
        return getOrDefault(precision);
    }

    /** @param value auto, cpu or cuda; auto takes the GPU that Spark gives a task */
    public T setDevice(String value) {
        return with(device, value);
    }

    public String getDevice() {
        return (String) getOrDefault(device);
    }

    /** @param value path of a CUDA plugin provider's library; empty for the add-on jar's */
    public T setProviderLibrary(String value) {
        return with(providerLibrary, value);
    }

    public String getProviderLibrary() {
        return (String) getOrDefault(providerLibrary);
    }

    DeviceOptions deviceOptions() {
        return new DeviceOptions(device.constant(getDevice()), getProviderLibrary());
    }

    /** Adds a column boolean: whether some of the text was cut off. */
    public T setTruncatedCol(String value) {
        return with(truncatedCol, value);
    }

    public String getTruncatedCol() {
        return getOrDefault(truncatedCol);
    }

    /** Adds a column string: why a row has no result, as {@code EMPTY_TEXT: …}; null where it has one. */
    public T setErrorCol(String value) {
        return with(errorCol, value);
    }

    public String getErrorCol() {
        return getOrDefault(errorCol);
    }

    Precision chosenPrecision() {
        return precision.constant(getPrecision());
    }

    <V> T with(Param<V> param, V value) {
        set(param, value);
        return self();
    }
}
