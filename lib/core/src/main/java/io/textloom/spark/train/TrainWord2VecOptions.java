package io.textloom.spark.train;

import java.io.Serializable;

/**
 * How word vectors are trained.
 *
 * @param dimensions length of the vectors
 * @param window words on either side that a word is trained with, at most; each place draws its own reach from 1 to this
 * @param negative words drawn as counter-examples for each pair
 * @param minCount rarer words have no vector; unit: occurrences
 * @param maxWords most words with a vector, the frequent ones; 0 for all
 * @param sample share of the corpus above which a word's occurrences are thinned out; 0 for never
 * @param learningRate at the start; falls in a line with the words read
 * @param minLearningRate at the end
 * @param phrasePasses how often neighbouring words that belong together become one; 0 for never
 * @param phraseThreshold how much more often than by chance two words must stand together
 * @param sentences whether windows end with sentences; else with documents alone
 * @param lowercase whether capitals become small before words are counted
 * @param maxWordBytes longer words are left out and counted; unit: bytes of UTF-8
 * @param threads that train at the same time; 0 for one per core of the driver; only with 1 do two runs give the same bits
 */
public record TrainWord2VecOptions(
        WordObjective objective,
        WordEngine engine,
        int dimensions,
        int window,
        int negative,
        int minCount,
        int maxWords,
        double sample,
        double learningRate,
        double minLearningRate,
        int epochs,
        int phrasePasses,
        double phraseThreshold,
        boolean sentences,
        boolean lowercase,
        int maxWordBytes,
        int threads,
        long seed)
        implements Serializable {
    private static final int MAX_DIMENSIONS = 1 << 16;
    public static final int MAX_PHRASE_PASSES = 4;
    private static final int MAX_WORD_BYTES = 1 << 16;
    private static final int MAX_THREADS = 1 << 10;

    public TrainWord2VecOptions {
        requireWithin("train.dimensions", 1, MAX_DIMENSIONS, dimensions);
        requireWithin("train.window", 1, 1000, window);
        requireWithin("train.negative", 1, 1000, negative);
        requireWithin("train.minCount", 1, Integer.MAX_VALUE, minCount);
        requireWithin("train.maxWords", 0, Integer.MAX_VALUE, maxWords);
        requireWithin("train.epochs", 1, 1_000_000, epochs);
        requireWithin("train.phrasePasses", 0, MAX_PHRASE_PASSES, phrasePasses);
        requireWithin("train.maxWordBytes", 1, MAX_WORD_BYTES, maxWordBytes);
        requireWithin("train.threads", 0, MAX_THREADS, threads);
        if (engine == WordEngine.DEEPLEARNING4J && objective != WordObjective.SKIP_GRAM) {
            throw new IllegalArgumentException("train.engine is deeplearning4j, whose CBOW fails in its native library"
                    + " (1.0.0-M2.1); set train.objective=skip-gram, or train.engine=textloom");
        }
        if (!(sample >= 0 && sample < 1)) {
            throw new IllegalArgumentException("train.sample is " + sample + "; expected 0 (never) or a share below 1");
        }
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException(
                    "train.learningRate is " + learningRate + "; expected more than 0 and at most 1");
        }
        if (!(minLearningRate >= 0 && minLearningRate <= learningRate)) {
            throw new IllegalArgumentException("train.minLearningRate is " + minLearningRate
                    + "; expected 0 to train.learningRate, which is " + learningRate);
        }
        if (!(phraseThreshold > 0) || !Double.isFinite(phraseThreshold)) {
            throw new IllegalArgumentException(
                    "train.phraseThreshold is " + phraseThreshold + "; expected a number above 0");
        }
    }

    private static void requireWithin(String key, int least, int most, int found) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(key + " is " + found + "; expected "
                    + (most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most));
        }
    }
}
