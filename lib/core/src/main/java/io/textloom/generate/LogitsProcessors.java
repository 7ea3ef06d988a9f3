package io.textloom.generate;

import io.textloom.tensor.Logits;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What changes logits before a token is chosen, in the order and in the 32-bit arithmetic of Hugging Face transformers' {@code generate}:
 * bias; repetition penalty; presence and frequency penalty; no-repeat n-gram; end tokens before the least length; the tokens that a
 * constraint allows. Temperature and what cuts a distribution down come after, in the sampler.
 *
 * <p>The last three bar tokens. Where together they bar every token, the n-grams' bar gives way, then that of the end tokens; never that of
 * a constraint. Owns scratch memory and is not safe for concurrent use.
 */
final class LogitsProcessors {
    private final int[] biasedIds;
    private final float[] biases;
    private final float repetition;
    private final double presence;
    private final double frequency;
    private final int noRepeatNgram;
    private final int minNewTokens;
    private final int[] endIds;
    /** Ids and logits that bars replaced, oldest first. */
    private int[] barredIds = new int[32];

    private float[] barredLogits = new float[32];
    private int barred;

    /**
     * @param endTokens ids that end a completion, those of the model; the options' own are added
     * @throws IllegalArgumentException if a token is not of the vocabulary
     */
    LogitsProcessors(SamplingOptions options, int vocabularySize, BitSet endTokens) {
        options.requireTokens(vocabularySize);
        Map<Integer, Double> bias = new TreeMap<>(options.logitBias());
        biasedIds = bias.keySet().stream().mapToInt(Integer::intValue).toArray();
        biases = new float[biasedIds.length];
        for (int i = 0; i < biases.length; i++) {
            biases[i] = bias.getOrDefault(biasedIds[i], 0.0).floatValue();
        }
        repetition = (float) options.penalties().repetition();
        presence = options.penalties().presence();
        frequency = options.penalties().frequency();
        noRepeatNgram = options.penalties().noRepeatNgram();
        minNewTokens = options.minNewTokens();
        endIds = endTokens(options, endTokens).stream()
                .filter(id -> id < vocabularySize)
                .toArray();
    }

    /** The model's end tokens and the options' own. */
    static BitSet endTokens(SamplingOptions options, BitSet ofModel) {
        BitSet all = (BitSet) ofModel.clone();
        options.stopTokens().forEach(all::set);
        return all;
    }

    /** Whether logits are left as they are where no constraint limits them, for a completion of so many tokens. */
    boolean isNeutral(int count) {
        return biasedIds.length == 0
                && repetition == 1
                && presence == 0
                && frequency == 0
                && noRepeatNgram == 0
                && (count >= minNewTokens || endIds.length == 0);
    }

    /**
     * @param logits float[vocabulary], overwritten; barred tokens get negative infinity
     * @param allowed tokens a constraint allows, at least one; null for all
     */
    void apply(float[] logits, TokenHistory history, @Nullable BitSet allowed) {
        for (int i = 0; i < biasedIds.length; i++) {
            logits[biasedIds[i]] += biases[i];
        }
        if (repetition != 1 || presence != 0 || frequency != 0) {
            penalise(logits, history.counts());
        }
        barred = 0;
        if (noRepeatNgram > 0) {
            NgramIndex ngrams = history.ngrams(noRepeatNgram);
            for (int at = ngrams.next(history, 0); at != 0; at = ngrams.next(history, at)) {
                bar(logits, ngrams.follower(history, at));
            }
        }
        int ofNgrams = barred;
        barEndTokens(logits, history);
        if (allowed != null) {
            limit(logits, allowed);
        }
        if (barred > 0 && !isAnyLeft(logits)) {
            release(logits, 0, ofNgrams, allowed);
            barEndTokens(logits, history);
            if (!isAnyLeft(logits)) {
                release(logits, ofNgrams, barred, allowed);
            }
        }
    }

    /** The likeliest token of processed logits, the first of equals; one that is allowed even where no logit is a number. */
    static int likeliest(float[] logits, @Nullable BitSet allowed) {
        int best = Logits.argmax(logits, logits.length);
        return allowed == null || allowed.get(best) ? best : allowed.nextSetBit(0);
    }

    private void penalise(float[] logits, TokenCounts tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            int id = tokens.token(i);
            if (id >= logits.length) {
                continue;
            }
            float logit = logits[id];
            logit = logit < 0 ? logit * repetition : logit / repetition;
            int times = tokens.inCompletion(i);
            logits[id] = times == 0 ? logit : logit - (float) (presence + times * frequency);
        }
    }

    private void barEndTokens(float[] logits, TokenHistory history) {
        if (history.count < minNewTokens) {
            for (int id : endIds) {
                bar(logits, id);
            }
        }
    }

    private void bar(float[] logits, int id) {
        // what is barred already is remembered once, with the logit it had
        if (id >= logits.length || logits[id] == Float.NEGATIVE_INFINITY) {
            return;
        }
        if (barred == barredIds.length) {
            barredIds = Arrays.copyOf(barredIds, barred * 2);
            barredLogits = Arrays.copyOf(barredLogits, barred * 2);
        }
        barredIds[barred] = id;
        barredLogits[barred++] = logits[id];
        logits[id] = Float.NEGATIVE_INFINITY;
    }

    private void release(float[] logits, int from, int to, @Nullable BitSet allowed) {
        for (int i = from; i < to; i++) {
            if (allowed == null || allowed.get(barredIds[i])) {
                logits[barredIds[i]] = barredLogits[i];
            }
        }
    }

    private static void limit(float[] logits, BitSet allowed) {
        int from = 0;
        while (from < logits.length) {
            int next = allowed.nextSetBit(from);
            if (from == 0 && (next < 0 || next >= logits.length)) {
                throw new IllegalArgumentException("A constraint allows no token; expected at least an end token");
            }
            Arrays.fill(
                    logits, from, next < 0 ? logits.length : Math.min(next, logits.length), Float.NEGATIVE_INFINITY);
            from = next < 0 ? logits.length : allowed.nextClearBit(next);
        }
    }

    private static boolean isAnyLeft(float[] logits) {
        for (float logit : logits) {
            if (logit != Float.NEGATIVE_INFINITY) {
                return true;
            }
        }
        return false;
    }
}
