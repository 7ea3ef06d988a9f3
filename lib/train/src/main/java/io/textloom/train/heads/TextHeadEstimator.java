package io.textloom.train.heads;

import io.textloom.spark.JobContext;
import io.textloom.spark.Progress;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.spark.train.TrainHeadsOptions;
import io.textloom.tensor.HeadTask;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a head on the frozen vectors of an encoder, as {@code train heads} does, and writes it to {@code modelPath}, whatever is there; the Model that {@code fit} gives reads it from there. With {@code pairCol} the
 * head takes pairs, a question with each text, or lists of choices, by {@code task}.
 */
public final class TextHeadEstimator extends Estimator<TextHeadModel> implements DefaultParamsWritable {
    private static final long serialVersionUID = 1;
    private static final String NAME = "head";

    private final String uid;
    private final Param<String> encoder;
    private final Param<String> modelPath;
    private final Param<String> task;
    private final Param<String> inputCol;
    private final Param<String> pairCol;
    private final Param<String> labelCol;
    private final Param<String> outputPrefix;
    private final IntArrayParam layers;
    private final DoubleParam dropout;
    private final Param<String> classWeights;
    private final IntParam batchRows;
    private final IntParam maxEpochs;
    private final IntParam patience;
    private final DoubleParam rate;
    private final DoubleParam devShare;
    private final IntParam workers;
    private final LongParam seed;

    public TextHeadEstimator() {
        this(Identifiable$.MODULE$.randomUID("TextHeadEstimator"));
    }

    /** For copies and for what was saved. */
    public TextHeadEstimator(String uid) {
        this.uid = uid; // Params ask for it when they are made
        encoder = new Param<>(this, "encoder", "built-in model, or folder on any file system that Hadoop reads");
        modelPath = new Param<>(this, "modelPath", "directory that the trained folder is written to");
        task = new Param<>(this, "task", "sequence, pair, regression, token, span or choice");
        inputCol = new Param<>(this, "inputCol", "column with the texts");
        pairCol =
                new Param<>(this, "pairCol", "column with second texts, questions or lists of choices; none if empty");
        labelCol = new Param<>(this, "labelCol", "column with what is learnt");
        outputPrefix = new Param<>(this, "outputPrefix", "put before the names of the columns label, score and so on");
        layers = new IntArrayParam(this, "layers", "widths of the layers between what the head sees and its outputs");
        dropout = new DoubleParam(this, "dropout", "share of what each layer sees that is left out in each step");
        classWeights = new Param<>(this, "classWeights", "none, or balanced: each label counts the same");
        batchRows = new IntParam(this, "batchRows", "rows of one step");
        maxEpochs = new IntParam(this, "maxEpochs", "how often the rows are gone through, at most");
        patience = new IntParam(
                this, "patience", "epochs without a better result after which the training ends; 0 for never");
        rate = new DoubleParam(this, "rate", "size of a step of Adam");
        devShare = new DoubleParam(this, "devShare", "share of the rows that is held out, by content hash");
        workers = new IntParam(
                this, "workers", "Spark tasks that each train a copy, which are averaged; 0 for the driver alone");
        seed = new LongParam(this, "seed", "where random numbers begin");
        setDefault(task, HeadTask.SEQUENCE.label());
        setDefault(inputCol, "text");
        setDefault(pairCol, "");
        setDefault(labelCol, "label");
        setDefault(outputPrefix, "");
        setDefault(layers, new int[] {256});
        setDefault(dropout, 0.3);
        setDefault(classWeights, "none");
        setDefault(batchRows, 32);
        setDefault(maxEpochs, 20);
        setDefault(patience, 3);
        setDefault(rate, 0.0005);
        setDefault(devShare, 0.1);
        setDefault(workers, 0);
        setDefault(seed, 1L);
    }

    /** The Estimator saved there. */
    public static TextHeadEstimator load(String path) {
        return read().load(path);
    }

    /** What Pipelines read it with. */
    public static MLReader<TextHeadEstimator> read() {
        return new DefaultParamsReader<>();
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public TextHeadModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        TrainHeadsOptions options = options();
        String view = "textloom_" + uid.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        dataset.createOrReplaceTempView(view);
        try {
            HeadsJob.run(
                    new JobContext(
                            dataset.sparkSession(),
                            given(encoder),
                            new IntakeOptions(
                                    List.of("sql:SELECT * FROM " + view),
                                    InputFormat.AUTO,
                                    DocumentUnit.LINE,
                                    getOrDefault(inputCol),
                                    "",
                                    DuplicateIds.ERROR,
                                    List.of(),
                                    "",
                                    0,
                                    0),
                            new OutputOptions(given(modelPath), RunMode.OVERWRITE, 1, List.of(), OutputFormat.PARQUET),
                            new TreeMap<>(),
                            Progress.SILENT),
                    options);
        } finally {
            dataset.sparkSession().catalog().dropTempView(view);
        }
        TextHeadModel model = new TextHeadModel(uid)
                .setModelPath(given(modelPath))
                .setTask(getOrDefault(task))
                .setInputCol(getOrDefault(inputCol))
                .setPairCol(getOrDefault(pairCol))
                .setOutputPrefix(getOrDefault(outputPrefix));
        model.setParent(this);
        return model;
    }

    private TrainHeadsOptions options() {
        int[] widths = getOrDefault(layers);
        HeadOptions head = new HeadOptions(
                NAME,
                HeadTask.named(getOrDefault(task)),
                List.of(),
                List.of(),
                "",
                getOrDefault(pairCol),
                getOrDefault(labelCol),
                List.of(),
                Arrays.stream(widths).boxed().toList(),
                (double) getOrDefault(dropout),
                ClassWeights.valueOf(getOrDefault(classWeights).toUpperCase(Locale.ROOT)),
                new TreeMap<>());
        return new TrainHeadsOptions(
                List.of(head),
                List.of(),
                (int) getOrDefault(batchRows),
                (int) getOrDefault(maxEpochs),
                (int) getOrDefault(patience),
                (double) getOrDefault(rate),
                (double) getOrDefault(devShare),
                (int) getOrDefault(workers),
                5,
                0,
                (long) getOrDefault(seed));
    }

    private String given(Param<String> param) {
        if (!isSet(param)) {
            throw new IllegalArgumentException(param.name() + " is not set; expected " + param.doc());
        }
        return getOrDefault(param);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        TextHeadModel.requireColumn(schema, getOrDefault(inputCol), "inputCol");
        TextHeadModel.requireColumn(schema, getOrDefault(labelCol), "labelCol");
        if (!getOrDefault(pairCol).isEmpty()) {
            TextHeadModel.requireColumn(schema, getOrDefault(pairCol), "pairCol");
        }
        return TextHeadModel.withResults(schema, HeadTask.named(getOrDefault(task)), getOrDefault(outputPrefix));
    }

    @Override
    public Estimator<TextHeadModel> copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    public Param<String> encoder() {
        return encoder;
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

    public Param<String> labelCol() {
        return labelCol;
    }

    public Param<String> outputPrefix() {
        return outputPrefix;
    }

    public IntArrayParam layers() {
        return layers;
    }

    public DoubleParam dropout() {
        return dropout;
    }

    public Param<String> classWeights() {
        return classWeights;
    }

    public IntParam batchRows() {
        return batchRows;
    }

    public IntParam maxEpochs() {
        return maxEpochs;
    }

    public IntParam patience() {
        return patience;
    }

    public DoubleParam rate() {
        return rate;
    }

    public DoubleParam devShare() {
        return devShare;
    }

    public IntParam workers() {
        return workers;
    }

    public LongParam seed() {
        return seed;
    }

    private <V> TextHeadEstimator with(Param<V> param, V value) {
        set(param, value);
        return this;
    }

    public TextHeadEstimator setEncoder(String value) {
        return with(encoder, value);
    }

    /** @param value directory; what a training left there before is replaced */
    public TextHeadEstimator setModelPath(String value) {
        return with(modelPath, value);
    }

    /** @param value sequence, pair, regression, token, span or choice */
    public TextHeadEstimator setTask(String value) {
        return with(task, value);
    }

    public TextHeadEstimator setInputCol(String value) {
        return with(inputCol, value);
    }

    public TextHeadEstimator setPairCol(String value) {
        return with(pairCol, value);
    }

    public TextHeadEstimator setLabelCol(String value) {
        return with(labelCol, value);
    }

    public TextHeadEstimator setOutputPrefix(String value) {
        return with(outputPrefix, value);
    }

    public TextHeadEstimator setLayers(int[] value) {
        return with(layers, value);
    }

    public TextHeadEstimator setDropout(double value) {
        set(dropout, value);
        return this;
    }

    /** @param value none or balanced */
    public TextHeadEstimator setClassWeights(String value) {
        return with(classWeights, value);
    }

    public TextHeadEstimator setBatchRows(int value) {
        set(batchRows, value);
        return this;
    }

    public TextHeadEstimator setMaxEpochs(int value) {
        set(maxEpochs, value);
        return this;
    }

    public TextHeadEstimator setPatience(int value) {
        set(patience, value);
        return this;
    }

    public TextHeadEstimator setRate(double value) {
        set(rate, value);
        return this;
    }

    public TextHeadEstimator setDevShare(double value) {
        set(devShare, value);
        return this;
    }

    public TextHeadEstimator setWorkers(int value) {
        set(workers, value);
        return this;
    }

    public TextHeadEstimator setSeed(long value) {
        set(seed, value);
        return this;
    }
}
