package io.textloom.train.heads;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.textloom.classify.FrozenVectors;
import io.textloom.embed.EmbedOptions;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.spark.JobContext;
import io.textloom.spark.ProgressListener;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.train.HeadOptions;
import io.textloom.spark.train.TrainHeadsOptions;
import io.textloom.table.Columns;
import io.textloom.tensor.HeadTask;
import io.textloom.tensor.Precision;
import io.textloom.token.LongDocuments;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** What Spark does before the training: every row once through the encoder, and its vectors kept as files, so that no epoch needs the encoder again. */
final class Freezing {
    private static final int MAX_LABELS = 10_000;
    private static final int MAX_TOKENS_BY_DEFAULT = 8192;

    private final JobContext context;
    private final TrainHeadsOptions options;
    private final ModelRef model;
    private final SparkSession spark;

    Freezing(JobContext context, TrainHeadsOptions options, ModelRef model) {
        this.context = context;
        this.options = options;
        this.model = model;
        this.spark = context.spark();
    }

    /** What a head reads. */
    static IntakeOptions intake(JobContext context, HeadOptions head, List<String> inputs) {
        List<String> columns = new ArrayList<>(List.of(head.labelColumn()));
        if (head.pair() && !head.pairColumn().equals(head.labelColumn())) {
            columns.add(head.pairColumn());
        }
        IntakeOptions own = context.intake().keeping(columns);
        own = inputs.isEmpty() ? own : own.withInputs(inputs);
        return head.textColumn().isEmpty() ? own : own.withText(head.textColumn());
    }

    /** @param directory for the examples of each head, in a directory of its name; made */
    Prepared run(FileSystem fs, Path directory) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        ModelFolder folder = ModelLeases.store().localise(model, conf);
        int maxTokens = options.maxTokens() == 0
                ? Math.min(
                        MAX_TOKENS_BY_DEFAULT,
                        folder.maxTokens(folder.encoderSpec().maxPositions()))
                : options.maxTokens();
        List<List<String>> labels = new ArrayList<>();
        List<PartFigures> figures = new ArrayList<>();
        for (HeadOptions head : options.heads()) {
            Path own = new Path(directory, head.name());
            EmbedOptions embedding = FrozenVectors.options(
                    head.task().tokens(), maxTokens, -1, LongDocuments.CHUNK, Precision.FLOAT32, 0);
            Dataset<Row> rows = rows(head, head.input());
            List<String> found = head.labels().isEmpty() ? labels(head, rows) : head.labels();
            make(fs, own);
            PartFigures all =
                    freeze(head, embedding, rows, found, head.dev().isEmpty() ? options.heldOut() : 0, own, "rows");
            if (!head.dev().isEmpty()) {
                all.add(freeze(head, embedding, rows(head, head.dev()), found, 1, own, "dev"));
            }
            requireEnough(head, all);
            labels.add(found);
            figures.add(all);
        }
        return new Prepared(folder.encoderSpec().hidden(), maxTokens, labels, figures);
    }

    private static void make(FileSystem fs, Path directory) {
        try {
            fs.mkdirs(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + directory, e);
        }
    }

    private void requireEnough(HeadOptions head, PartFigures figures) {
        long train = PartFigures.examples(figures.train);
        long dev = PartFigures.examples(figures.dev);
        if (train == 0 || dev == 0) {
            throw new InputException("The head " + head.name() + " has " + train + " rows to train on and " + dev
                    + " held out, of " + figures.rows + " with " + figures.rejected
                    + " rejected; check --input and the columns, or give more rows");
        }
    }

    /** Columns as {@link FreezeTask} numbers them; rows of a partition in the order of their hashes, which no text's neighbours tell. */
    private Dataset<Row> rows(HeadOptions head, List<String> inputs) {
        Dataset<Row> rows =
                new Intake(spark, intake(context, head, inputs)).documents().rows();
        Column label = col(Columns.quoted(head.labelColumn()));
        Column pair =
                head.pair() ? col(Columns.quoted(head.pairColumn())) : lit(null).cast("string");
        if (head.pair() && head.task() != HeadTask.CHOICE) {
            pair = pair.cast("string");
        }
        return rows.select(
                        col(Intake.ID),
                        col(Intake.HASH),
                        col(Intake.TEXT),
                        col(Intake.CODE),
                        col(Intake.MESSAGE),
                        col(Intake.RAW),
                        label.alias("__label"),
                        pair.alias("__pair"))
                .sortWithinPartitions(col(Intake.HASH), col(Intake.ID));
    }

    private List<String> labels(HeadOptions head, Dataset<Row> rows) {
        if (!head.task().labels()) {
            return List.of();
        }
        new RowTargets(head, rows.schema().apply(FreezeTask.LABEL).dataType(), List.of());
        List<String> found = new ArrayList<>(
                rows.filter(col(Intake.CODE).isNull().and(col("__label").isNotNull()))
                        .select(col("__label"))
                        .toJavaRDD()
                        .flatMap(row -> RowTargets.labels(row).iterator())
                        .distinct()
                        .take(MAX_LABELS + 1));
        if (found.size() < 2 || found.size() > MAX_LABELS) {
            throw new InputException("The column " + head.labelColumn() + " of the head " + head.name() + " holds "
                    + (found.size() > MAX_LABELS ? "more than " + MAX_LABELS : found.size() + "")
                    + " labels; expected 2 to " + MAX_LABELS + ", or train.headTask regression");
        }
        return inOrder(found);
    }

    /** By value if all are numbers, else by their characters. */
    static List<String> inOrder(List<String> labels) {
        boolean numbers = labels.stream().allMatch(label -> label.matches("-?[0-9]{1,30}(\\.[0-9]{1,30})?"));
        Comparator<String> characters = Comparator.naturalOrder();
        return labels.stream()
                .sorted(
                        numbers
                                ? Comparator.<String, BigDecimal>comparing(BigDecimal::new)
                                        .thenComparing(characters)
                                : characters)
                .toList();
    }

    private PartFigures freeze(
            HeadOptions head,
            EmbedOptions embedding,
            Dataset<Row> rows,
            List<String> labels,
            double heldOut,
            Path directory,
            String prefix) {
        LongAccumulator rowsDone = spark.sparkContext().longAccumulator("textloom.rows");
        LongAccumulator tokensDone = spark.sparkContext().longAccumulator("textloom.tokens");
        ProgressListener listener = new ProgressListener(context.progress(), rowsDone, tokensDone);
        context.progress().started("train: vectors of " + head.name());
        spark.sparkContext().addSparkListener(listener);
        try {
            FreezeTask task = new FreezeTask(
                    model,
                    embedding,
                    head,
                    new RowTargets(head, rows.schema().apply(FreezeTask.LABEL).dataType(), labels),
                    heldOut,
                    directory.toString(),
                    prefix,
                    new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
                    rowsDone,
                    tokensDone);
            PartFigures all = new PartFigures();
            for (byte[] part :
                    rows.toJavaRDD().mapPartitionsWithIndex(task, true).collect()) {
                all.add(PartFigures.read(new DataInputStream(new ByteArrayInputStream(part))));
            }
            return all;
        } catch (IOException e) {
            throw new IllegalStateException("Figures in memory cannot be read", e);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
    }
}
