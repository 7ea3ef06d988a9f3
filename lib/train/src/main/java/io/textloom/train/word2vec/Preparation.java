package io.textloom.train.word2vec;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.JobContext;
import io.textloom.spark.ProgressListener;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.train.SplitterSource;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.WordCounts;
import io.textloom.token.train.CountedWords;
import io.textloom.token.train.WordLevelFile;
import io.textloom.token.train.WordSplitters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** What Spark does before the training: words counted, phrases found, the corpus encoded. */
final class Preparation {
    private final JobContext context;
    private final TrainWord2VecOptions options;
    private final SparkSession spark;

    Preparation(JobContext context, TrainWord2VecOptions options) {
        this.context = context;
        this.options = options;
        this.spark = context.spark();
    }

    /** @param directory for the parts of the encoded corpus; made */
    Prepared run(Documents documents, FileSystem fs, Path directory) {
        WordCounts counted = watched("train: counting words", rowsDone -> {
            boolean lowercase = options.lowercase();
            SplitterSource splitters = () -> WordSplitters.words(lowercase);
            return WordCounts.of(spark, documents, splitters, options.maxWordBytes(), options.minCount(), rowsDone);
        });
        if (counted.words().size() == 0) {
            throw new InputException("The input has no word that occurs train.minCount " + options.minCount()
                    + " times: of " + counted.rowsIn() + " rows " + counted.rowsRejected() + " were rejected and "
                    + counted.rareWords() + " words are rarer; check --input, --text-column and --where, or lower it");
        }
        // rows of one partition come in the order of their ids, so that the encoded corpus is the same each time
        JavaRDD<InternalRow> rows = documents
                .rows()
                .select(col(Intake.ID), col(Intake.TEXT), col(Intake.CODE))
                .sortWithinPartitions(col(Intake.ID))
                .queryExecution()
                .toRdd()
                .toJavaRDD();
        Units units = new Units(index(counted.words()));
        for (int pass = 1; pass <= options.phrasePasses(); pass++) {
            Units found = units;
            units = watched(
                    "train: phrases, pass " + pass, rowsDone -> Phrases.find(spark, rows, found, options, rowsDone));
        }
        Units all = units;
        List<String> parts = watched("train: encoding", rowsDone -> encode(rows, all, directory, rowsDone));
        context.progress().started("train: counting the encoded words");
        SortedMap<String, Long> figures = new TreeMap<>();
        figures.put(Prepared.ROWS_IN, counted.rowsIn());
        figures.put(Prepared.TEXT_BYTES, counted.textBytes());
        figures.put(Prepared.WORDS_LEFT_OUT, counted.wordsLeftOut());
        figures.put(Prepared.RARE_WORDS, counted.rareWords());
        try {
            long[] occurrences = Corpus.countUnits(fs, directory, parts, units.size());
            return servable(Prepared.of(
                    units,
                    occurrences,
                    options.minCount(),
                    options.maxWords(),
                    parts,
                    figures,
                    counted.rejectedByCode()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the encoded corpus " + directory, e);
        }
    }

    /** Said before the epochs, and not by whoever opens the folder. */
    private static Prepared servable(Prepared prepared) {
        long bytes = 0;
        for (String text : prepared.texts) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
        }
        try {
            WordLevelFile.requireRoom(prepared.texts.length, bytes);
        } catch (IllegalArgumentException e) {
            throw new InputException("The vectors could not be served: " + e.getMessage()
                    + "; raise train.minCount or set train.maxWords");
        }
        return prepared;
    }

    private List<String> encode(JavaRDD<InternalRow> rows, Units units, Path directory, LongAccumulator rowsDone) {
        Broadcast<Units> shared =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(units);
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        try {
            return rows
                    .mapPartitionsWithIndex(
                            new EncodeTask(shared, options, directory.toString(), conf, rowsDone), false)
                    .collect()
                    .stream()
                    .sorted()
                    .toList();
        } finally {
            shared.destroy();
        }
    }

    /** The frequent words first, so that their numbers are short. */
    private static WordIndex index(CountedWords words) {
        int[] order = IntStream.range(0, words.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(word -> -words.count(word))
                        .thenComparing(word -> word))
                .mapToInt(word -> word)
                .toArray();
        byte[] utf8 = new byte[words.bytes()];
        int[] ends = new int[order.length];
        int end = 0;
        for (int i = 0; i < order.length; i++) {
            int length = words.end(order[i]) - words.start(order[i]);
            System.arraycopy(words.utf8(), words.start(order[i]), utf8, end, length);
            end += length;
            ends[i] = end;
        }
        return new WordIndex(utf8, ends);
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
