package io.textloom.spark;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.lineage.Versions;
import io.textloom.spark.train.SplitterSource;
import io.textloom.spark.train.TrainingErrors;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.spark.train.TrainingRecord;
import io.textloom.spark.train.WordCounts;
import io.textloom.token.train.TokenizerFiles;
import io.textloom.token.train.TrainTokenizerOptions;
import io.textloom.token.train.TrainedTokenizer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Trains a tokenizer: words counted on Spark, merged on the driver, written as a Hugging Face folder. */
final class TokenizerTraining {
    private static final String TASK = "tokenizer";

    private final JobContext context;
    private final TrainTokenizerOptions options;
    private final SplitterSource splitters;
    private final SparkSession spark;
    private final SortedMap<String, Double> seconds = new TreeMap<>();
    private long phaseStart = System.nanoTime();

    TokenizerTraining(JobContext context, TrainTokenizerOptions options, SplitterSource splitters) {
        this.context = context;
        this.options = options;
        this.splitters = splitters;
        spark = context.spark();
    }

    TrainReport run() {
        TrainingFolder folder =
                TrainingFolder.open(context.output(), spark.sparkContext().hadoopConfiguration());
        try {
            Documents documents = new Intake(spark, context.intake()).documents();
            folder.prepare();
            WordCounts counted = count(documents);
            TrainedTokenizer trained = merge(counted);
            return write(folder, documents, counted, trained);
        } finally {
            folder.abandon();
            context.progress().finished();
        }
    }

    private WordCounts count(Documents documents) {
        LongAccumulator rowsDone = spark.sparkContext().longAccumulator("textloom.rows");
        LongAccumulator tokensDone = spark.sparkContext().longAccumulator("textloom.tokens");
        ProgressListener listener = new ProgressListener(context.progress(), rowsDone, tokensDone);
        context.progress().started("train: counting words");
        spark.sparkContext().addSparkListener(listener);
        try {
            WordCounts counted = WordCounts.of(spark, documents, splitters, options.maxWordBytes(), 1, rowsDone);
            if (counted.words().size() == 0) {
                throw new InputException("The input has no words to train on: of "
                        + counted(counted.rowsIn(), "row") + " " + counted.rowsRejected() + " were rejected and "
                        + counted.wordsLeftOut() + " words were longer than train.maxWordBytes "
                        + options.maxWordBytes() + "; check --input, --text-column and --where");
            }
            return counted;
        } finally {
            spark.sparkContext().removeSparkListener(listener);
            endPhase("count");
        }
    }

    private TrainedTokenizer merge(WordCounts counted) {
        context.progress().started("train: merging", "tokens");
        long start = System.nanoTime();
        TrainedTokenizer trained = options.type()
                .train(
                        counted.words(),
                        options,
                        (done, total) -> context.progress()
                                .advanced(new Progress.Snapshot(done, total, 0, (System.nanoTime() - start) / 1e9)));
        endPhase("merge");
        return trained;
    }

    private TrainReport write(
            TrainingFolder folder, Documents documents, WordCounts counted, TrainedTokenizer trained) {
        context.progress().started("train: writing");
        folder.clear();
        if (counted.rowsRejected() > 0) {
            TrainingErrors.write(spark, documents, folder.errors());
        }
        SortedMap<String, byte[]> files = TokenizerFiles.of(trained);
        SortedMap<String, String> hashes = new TreeMap<>();
        files.forEach((name, bytes) -> hashes.put(name, sha256(bytes)));
        SortedMap<String, Long> counts = counts(counted, trained);
        Map<String, String> story = story(counted, trained);
        endPhase("write");
        IntakeOptions read = context.intake().qualified(spark.sparkContext().hadoopConfiguration());
        folder.write(
                files,
                new TrainingRecord(
                        TrainingRecord.FORMAT_VERSION,
                        TASK,
                        Versions.of(spark),
                        read.withInputs(Redaction.inputs(read.inputs())),
                        "",
                        Redaction.settings(context.settings()),
                        counts,
                        counted.rejectedByCode(),
                        seconds,
                        hashes,
                        story));
        return new TrainReport(
                TASK,
                Redaction.uris(folder.path()),
                counted.rowsIn(),
                counted.rowsRejected(),
                counted.rejectedByCode(),
                counts,
                seconds,
                story,
                List.of(),
                counted.rowsRejected() > context.output().maxErrorRatio() * counted.rowsIn());
    }

    private SortedMap<String, Long> counts(WordCounts counted, TrainedTokenizer trained) {
        SortedMap<String, Long> counts = new TreeMap<>();
        counts.put("rowsIn", counted.rowsIn());
        counts.put("rowsRejected", counted.rowsRejected());
        counts.put("textBytes", counted.textBytes());
        counts.put("words", counted.words().occurrences());
        counts.put("distinctWords", (long) counted.words().size());
        counts.put("wordsLeftOut", counted.wordsLeftOut());
        counts.put("tokens", (long) trained.vocabulary().size());
        if (!trained.merges().isEmpty()) {
            counts.put("merges", (long) trained.merges().size());
        }
        return counts;
    }

    private Map<String, String> story(WordCounts counted, TrainedTokenizer trained) {
        Map<String, String> story = new LinkedHashMap<>();
        story.put(
                "counted",
                counted(counted.words().occurrences(), "word") + ", "
                        + counted(counted.words().size(), "distinct one")
                        + "; " + counted.wordsLeftOut() + " longer than " + options.maxWordBytes()
                        + " bytes were left out");
        String fewer = trained.vocabulary().size() == options.vocabularySize()
                ? ""
                : "; fewer than the " + String.format(Locale.ROOT, "%,d", options.vocabularySize())
                        + " asked for, as no pair is left that occurs " + counted(options.minFrequency(), "time");
        story.put(
                "trained",
                "a " + options.type().title() + " vocabulary of "
                        + counted(trained.vocabulary().size(), "token") + fewer);
        return story;
    }

    private void endPhase(String phase) {
        long now = System.nanoTime();
        seconds.put(phase, (now - phaseStart) / 1e9);
        phaseStart = now;
    }

    private static String counted(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
