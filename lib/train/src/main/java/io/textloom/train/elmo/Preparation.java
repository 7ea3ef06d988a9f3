package io.textloom.train.elmo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.textloom.spark.JobContext;
import io.textloom.spark.Progress;
import io.textloom.spark.ProgressListener;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.train.SplitterSource;
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.spark.train.WordCounts;
import io.textloom.token.Tokenizer;
import io.textloom.token.train.TokenizerFiles;
import io.textloom.token.train.TokenizerType;
import io.textloom.token.train.TrainTokenizerOptions;
import io.textloom.token.train.WordSplitters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** What Spark does before the training: a vocabulary if none is given, the corpus encoded. */
final class Preparation {
    /** Of the encoded corpus; a constant, as the order of documents follows from it. */
    static final int PARTS = 32;

    private static final long SHARES = 1_000_000;
    private static final long HELD_OUT_SEED = 0x51ed2701;
    static final List<String> OF_A_TOKENIZER =
            List.of(TokenizerFiles.TOKENIZER, "tokenizer_config.json", "special_tokens_map.json");

    private final JobContext context;
    private final TrainElmoOptions options;
    private final SparkSession spark;

    Preparation(JobContext context, TrainElmoOptions options) {
        this.context = context;
        this.options = options;
        this.spark = context.spark();
    }

    /**
     * The files by name of the tokenizer that is given; empty if none is.
     *
     * @throws IllegalArgumentException if it cannot be used
     */
    static SortedMap<String, byte[]> given(TrainElmoOptions options, Configuration conf) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        if (options.tokenizer().isEmpty()) {
            return files;
        }
        Path folder = new Path(options.tokenizer());
        try {
            FileSystem fs = folder.getFileSystem(conf);
            for (String name : OF_A_TOKENIZER) {
                Path file = new Path(folder, name);
                if (fs.exists(file)) {
                    try (InputStream in = fs.open(file)) {
                        files.put(name, in.readAllBytes());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the tokenizer in " + options.tokenizer(), e);
        }
        if (!files.containsKey(TokenizerFiles.TOKENIZER)) {
            throw new IllegalArgumentException("train.tokenizer is " + options.tokenizer()
                    + ", which has no tokenizer.json; give a folder as train tokenizer writes it, or leave it out");
        }
        try (Tokenizer opened = TokenizerBytes.open(Objects.requireNonNull(files.get(TokenizerFiles.TOKENIZER)))) {
            return files;
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "train.tokenizer is " + options.tokenizer() + ", whose tokenizer.json cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    /** @return the files by name of a tokenizer that is trained on the documents */
    SortedMap<String, byte[]> trained(Documents documents) {
        TrainTokenizerOptions asked = new TrainTokenizerOptions(
                TokenizerType.WORDPIECE,
                options.pieces(),
                2,
                options.lowercase(),
                List.of(),
                // each as itself and within a word, besides the special tokens
                (options.pieces() - 5) / 2,
                0,
                options.maxWordBytes());
        WordCounts counted = watched("train: counting words", rowsDone -> count(documents, asked, rowsDone));
        if (counted.words().size() == 0) {
            throw nothing(counted.rowsIn(), counted.rowsRejected());
        }
        context.progress().started("train: merging", "tokens");
        long start = System.nanoTime();
        return TokenizerFiles.of(asked.type()
                .train(
                        counted.words(),
                        asked,
                        (done, total) -> context.progress()
                                .advanced(new Progress.Snapshot(done, total, 0, (System.nanoTime() - start) / 1e9))));
    }

    private WordCounts count(Documents documents, TrainTokenizerOptions asked, LongAccumulator rowsDone) {
        return WordCounts.of(spark, documents, splitters(asked), asked.maxWordBytes(), 1, rowsDone);
    }

    private static SplitterSource splitters(TrainTokenizerOptions asked) {
        return () -> WordSplitters.of(asked);
    }

    /** @param directory for the parts of the encoded corpus; made */
    Tally encode(Documents documents, byte[] tokenizer, Path directory) {
        // documents lie in an order that neither the input's nor the partitions' decides
        Column order = xxhash64(col(Intake.ID), lit(options.seed()));
        Column held = pmod(xxhash64(col(Intake.TEXT), lit(HELD_OUT_SEED)), lit(SHARES))
                .lt(lit((long) (options.heldOut() * SHARES)));
        JavaRDD<InternalRow> rows = documents
                .rows()
                .select(col(Intake.ID), order.as("__order"), col(Intake.TEXT), col(Intake.CODE), held.as("__held"))
                .repartition(PARTS, col("__order"))
                .sortWithinPartitions(col("__order"), col(Intake.ID))
                .select(col(Intake.TEXT), col(Intake.CODE), col("__held"))
                .queryExecution()
                .toRdd()
                .toJavaRDD();
        Tally tally = watched("train: encoding", rowsDone -> encode(rows, tokenizer, directory, rowsDone));
        if (tally.get(Tally.TOKENS) == 0) {
            throw nothing(
                    tally.get(Tally.ROWS_IN),
                    tally.rejected().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        return tally;
    }

    private Tally encode(JavaRDD<InternalRow> rows, byte[] tokenizer, Path directory, LongAccumulator rowsDone) {
        Broadcast<byte[]> shared =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(tokenizer);
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        try {
            return rows
                    .mapPartitionsWithIndex(new EncodeTask(shared, directory.toString(), conf, rowsDone), false)
                    .collect()
                    .stream()
                    .reduce(new Tally(new TreeMap<>()), Tally::plus);
        } finally {
            shared.destroy();
        }
    }

    private static InputException nothing(long rows, long rejected) {
        return new InputException("The input has no text to train on: of " + rows + " rows " + rejected
                + " were rejected; check --input, --text-column, --where and train.heldOut");
    }

    /** Counts rows. */
    private interface Phase<T> {
        T run(LongAccumulator rowsDone);
    }

    private <T> T watched(String name, Phase<T> phase) {
        LongAccumulator rowsDone = spark.sparkContext().longAccumulator("textloom.rows");
        LongAccumulator tokensDone = spark.sparkContext().longAccumulator("textloom.tokens");
        ProgressListener listener = new ProgressListener(context.progress(), rowsDone, tokensDone);
        context.progress().started(name);
        spark.sparkContext().addSparkListener(listener);
        try {
            return phase.run(rowsDone);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
    }
}
