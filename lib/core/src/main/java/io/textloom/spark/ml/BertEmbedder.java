package io.textloom.spark.ml;

import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.model.ModelRef;
import io.textloom.spark.stage.EmbedStage;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import io.textloom.table.EmbeddingTable;
import io.textloom.tensor.VectorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasOutputCol;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Texts to vectors, as the embed job makes them: one vector per row, so a text longer than the window gets the mean of its windows' vectors, weighted by
 * their tokens.
 */
public final class BertEmbedder extends EncoderTransformer<BertEmbedder> implements HasOutputCol {
    private static final long serialVersionUID = 1;
    private static final EmbedOptions DEFAULTS = EmbedOptions.defaults();

    private final Param<String> outputCol = new Param<>(this, "outputCol", "column for the vectors");
    private final Choice<PoolingOption> pooling = new Choice<>(
            this, "pooling", "how token vectors become one vector", PoolingOption.class, PoolingOption.NONE);
    private final IntArrayParam layers = new IntArrayParam(
            this,
            "layers",
            "hidden states that are averaged: 0 for the embeddings, 1 for the first layer, -1 for the last");
    private final Choice<NormalizeOption> normalize =
            new Choice<>(this, "normalize", "whether vectors are scaled to length 1", NormalizeOption.class);
    private final Choice<Combine> combine = new Choice<>(
            this, "combine", "how the vectors of a text's windows become one", Combine.class, Combine.NONE);
    private final IntParam dimensions =
            new IntParam(this, "dimensions", "keep only the first dimensions and normalise again; 0 keeps all");
    private final Param<String> prompt = new Param<>(
            this, "prompt", "put before every text; model:NAME takes the prompt of that name from the model");
    private final Choice<VectorType> vectorType =
            new Choice<>(this, "vectorType", "in which numbers vectors are stored", VectorType.class);
    private final Choice<OutputType> outputType =
            new Choice<>(this, "outputType", "as what vectors stand in their column", OutputType.class);
    private final Param<String> scaleCol =
            new Param<>(this, "scaleCol", "column for the scale of int8 codes: value = code * scale");

    public BertEmbedder() {
        this(Identifiable$.MODULE$.randomUID("BertEmbedder"));
    }

    /** For copies and for what was saved. */
    public BertEmbedder(String uid) {
        super(uid);
        setDefault(model(), "all-MiniLM-L6-v2");
        setDefault(outputCol, Columns.EMBEDDING);
        setDefault(pooling, Choice.name(DEFAULTS.pooling()));
        setDefault(
                layers, DEFAULTS.layers().stream().mapToInt(Integer::intValue).toArray());
        setDefault(normalize, Choice.name(DEFAULTS.normalize()));
        setDefault(combine, Choice.name(Combine.WEIGHTED_MEAN));
        setDefault(dimensions, DEFAULTS.dimensions());
        setDefault(prompt, DEFAULTS.prompt());
        setDefault(vectorType, Choice.name(DEFAULTS.vectorType()));
        setDefault(outputType, Choice.name(OutputType.ARRAY));
    }

    /** The embedder saved there. */
    public static BertEmbedder load(String path) {
        return read().load(path);
    }

    /** What Pipelines read it with. */
    public static MLReader<BertEmbedder> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    Stage stage(ModelRef ref, StructType schema, Configuration conf) {
        return EmbedStage.of(List.of(ref), options(), deviceOptions(), conf);
    }

    @Override
    List<OutputColumn> results(Supplier<Stage> stage) {
        VectorType stored = options().vectorType();
        List<OutputColumn> columns = new ArrayList<>();
        if (outputType.constant(getOutputType()) == OutputType.VECTOR) {
            if (stored != VectorType.FLOAT32) {
                throw new IllegalArgumentException("outputType is vector but vectorType is " + getVectorType()
                        + "; expected float32, or outputType array");
            }
            columns.add(OutputColumn.vector(getOutputCol(), Columns.EMBEDDING));
        } else {
            columns.add(OutputColumn.same(getOutputCol(), Columns.EMBEDDING, EmbeddingTable.elementsOf(stored)));
        }
        if (isSet(scaleCol) != (stored == VectorType.INT8)) {
            throw new IllegalArgumentException("vectorType is " + getVectorType() + " and scaleCol is "
                    + (isSet(scaleCol) ? getScaleCol() : "not set")
                    + "; expected a column for the scale with int8, whose codes need it, and none with other types");
        }
        if (isSet(scaleCol)) {
            columns.add(OutputColumn.same(getScaleCol(), Columns.SCALE, DataTypes.FloatType));
        }
        addCounts(columns);
        return columns;
    }

    private EmbedOptions options() {
        return new EmbedOptions(
                pooling.constant(getPooling()),
                Arrays.stream(getLayers()).boxed().collect(Collectors.toList()),
                false,
                normalize.constant(getNormalize()),
                getMaxTokens(),
                getStride(),
                chosenLongDocuments(),
                combine.constant(getCombine()),
                getDimensions(),
                getPrompt(),
                chosenPrecision(),
                vectorType.constant(getVectorType()),
                getBatchTokens());
    }

    @Override
    BertEmbedder self() {
        return this;
    }

    @Override
    public Param<String> outputCol() {
        return outputCol;
    }

    /** For Scala's initialisation of the trait, which has no part here: the constructor makes the Param. */
    @Override
    public void org$apache$spark$ml$param$shared$HasOutputCol$_setter_$outputCol_$eq(Param<String> ignored) {}

    public Param<String> pooling() {
        return pooling;
    }

    public IntArrayParam layers() {
        return layers;
    }

    public Param<String> normalize() {
        return normalize;
    }

    public Param<String> combine() {
        return combine;
    }

    public IntParam dimensions() {
        return dimensions;
    }

    public Param<String> prompt() {
        return prompt;
    }

    public Param<String> vectorType() {
        return vectorType;
    }

    public Param<String> outputType() {
        return outputType;
    }

    public Param<String> scaleCol() {
        return scaleCol;
    }

    public BertEmbedder setOutputCol(String value) {
        return with(outputCol, value);
    }

    /** @param value model, mean, cls, pooler, max, mean-sqrt-len or last */
    public BertEmbedder setPooling(String value) {
        return with(pooling, value);
    }

    public String getPooling() {
        return getOrDefault(pooling);
    }

    /** @param value hidden states that are averaged: 0 is the embeddings, 1 the first layer, -1 the last */
    public BertEmbedder setLayers(int... value) {
        return with(layers, value);
    }

    public int[] getLayers() {
        return getOrDefault(layers);
    }

    /** @param value model, true or false */
    public BertEmbedder setNormalize(String value) {
        return with(normalize, value);
    }

    public String getNormalize() {
        return getOrDefault(normalize);
    }

    /** @param value mean or weighted-mean */
    public BertEmbedder setCombine(String value) {
        return with(combine, value);
    }

    public String getCombine() {
        return getOrDefault(combine);
    }

    /** @param value how many of the first dimensions are kept; 0 keeps all */
    public BertEmbedder setDimensions(int value) {
        return with(dimensions, value);
    }

    public int getDimensions() {
        return (int) getOrDefault(dimensions);
    }

    /** @param value put before every text, or empty; {@code model:NAME} takes the prompt of that name from the folder */
    public BertEmbedder setPrompt(String value) {
        return with(prompt, value);
    }

    public String getPrompt() {
        return getOrDefault(prompt);
    }

    /** @param value float32, float16, int8 or binary */
    public BertEmbedder setVectorType(String value) {
        return with(vectorType, value);
    }

    public String getVectorType() {
        return getOrDefault(vectorType);
    }

    /** @param value array, or vector for MLlib's estimators */
    public BertEmbedder setOutputType(String value) {
        return with(outputType, value);
    }

    public String getOutputType() {
        return getOrDefault(outputType);
    }

    /** Adds a column float; required with int8 vectors. */
    public BertEmbedder setScaleCol(String value) {
        return with(scaleCol, value);
    }

    public String getScaleCol() {
        return getOrDefault(scaleCol);
    }
}
