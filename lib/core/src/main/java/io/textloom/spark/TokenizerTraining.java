package io.textloom.spark;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.train.SplitterSource;
import io.textloom.spark.train.WordCounts;
import io.textloom.token.train.TokenizerFiles;
import io.textloom.token.train.TrainTokenizerOptions;
import io.textloom.token.train.TrainedTokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    private final TrainingRun run;

    private TokenizerTraining(
            JobContext context, TrainTokenizerOptions options, SplitterSource splitters, TrainingRun run) {
        this.context = context;
        this.options = options;
        this.splitters = splitters;
        this.run = run;
    }

    static TrainReport run(JobContext context, TrainTokenizerOptions options, SplitterSource splitters) {
        try (TrainingRun run = TrainingRun.open(TASK, context, Set.of())) {
            return new TokenizerTraining(context, options, splitters, run).train();
        }
    }

    private TrainReport train() {
        Documents documents = run.documents();
        WordCounts counted = count(documents);
        return write(documents, counted, merge(counted));
    }

    private WordCounts count(Documents documents) {
        SparkSession spark = run.spark();
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
            run.endPhase("count");
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
        run.endPhase("merge");
        return trained;
    }

    private TrainReport write(Documents documents, WordCounts counted, TrainedTokenizer trained) {
        context.progress().started("train: writing");
        run.folder().clear();
        SortedMap<String, String> hashes = new TreeMap<>();
        TokenizerFiles.of(trained)
                .forEach((name, bytes) -> hashes.put(name, run.folder().write(name, out -> out.write(bytes))));
        return run.finish(
                documents,
                counts(counted, trained),
                counted.rejectedByCode(),
                hashes,
                story(counted, trained),
                List.of());
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

    private static String counted(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }
}
