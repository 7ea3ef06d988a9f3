package io.textloom.generate;

import io.textloom.constrain.ConstraintOptions;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * How one prompt is completed.
 *
 * @param maxNewTokens longest completion; unit: tokens
 * @param minNewTokens tokens before which no end token is chosen
 * @param temperature logits are divided by it; 0 is greedy decoding
 * @param topK sample among the k most likely tokens; 0 for all
 * @param topP sample among the smallest set of tokens whose probability reaches p; 1 for all
 * @param minP sample among the tokens at least this likely, relative to the likeliest; 0 for all
 * @param logitBias added to the logits of tokens, by id
 * @param stop strings that end a completion; not part of it
 * @param stopTokens ids that end a completion, besides the model's own end tokens
 * @param samples completions per prompt
 * @param bestOf completions made, of which the {@code samples} with the highest mean log-probability are given; 0 for as many as are given
 * @param logprobs alternatives for which log-probabilities are given beside each chosen token's; -1 for none at all
 * @param seed the run's; a row's draws depend on it, the row's id and the sample's number alone
 */
public record SamplingOptions(
        int maxNewTokens,
        int minNewTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        PenaltyOptions penalties,
        Map<Integer, Double> logitBias,
        List<String> stop,
        List<Integer> stopTokens,
        int samples,
        int bestOf,
        BeamOptions beams,
        int logprobs,
        ConstraintOptions constraint,
        long seed)
        implements Serializable {
    /** Most alternatives given for each token. */
    private static final int MOST_LOGPROBS = 20;

    public SamplingOptions {
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
        stopTokens = List.copyOf(stopTokens);
        require(maxNewTokens >= 1, "generate.maxNewTokens", maxNewTokens, "at least 1");
        require(
                minNewTokens >= 0 && minNewTokens <= maxNewTokens,
                "generate.minNewTokens",
                minNewTokens,
                "from 0 to generate.maxNewTokens, " + maxNewTokens);
        logitBias.forEach((id, bias) -> {
            require(id >= 0, "generate.logitBias", "of token " + id, "token ids from 0");
            require(Math.abs(bias) < 1e6, "generate.logitBias", bias + " for token " + id, "finite numbers");
        });
        require(stopTokens.stream().allMatch(id -> id >= 0), "generate.stopTokens", stopTokens, "token ids from 0");
        require(temperature >= 0 && temperature < 1e6, "generate.temperature", temperature, "0 (greedy) or more");
        require(topK >= 0, "generate.topK", topK, "0 (off) or more");
        require(topP > 0 && topP <= 1, "generate.topP", topP, "above 0 and at most 1");
        require(minP >= 0 && minP <= 1, "generate.minP", minP, "from 0 (off) to 1");
        require(stop.stream().noneMatch(String::isEmpty), "generate.stop", "\"\"", "strings of at least one character");
        require(samples >= 1, "generate.samples", samples, "at least 1");
        require(
                bestOf == 0 || bestOf >= samples,
                "generate.bestOf",
                bestOf,
                "0 (off) or at least generate.samples, " + samples);
        require(
                logprobs >= -1 && logprobs <= MOST_LOGPROBS,
                "generate.logprobs",
                logprobs,
                "from -1 (none) to " + MOST_LOGPROBS);
        if (beams.count() > 1) {
            require(temperature == 0, "generate.temperature", temperature, "0, as generate.beams is above 1");
            require(bestOf == 0, "generate.bestOf", bestOf, "0, as generate.beams is above 1");
            require(logprobs <= 0, "generate.logprobs", logprobs, "at most 0, as generate.beams is above 1");
            require(samples <= beams.count(), "generate.samples", samples, "at most generate.beams, " + beams.count());
        }
    }

    /** The likeliest token each time. */
    public static SamplingOptions greedy(int maxNewTokens) {
        return new SamplingOptions(
                maxNewTokens,
                0,
                0,
                0,
                1,
                0,
                PenaltyOptions.NONE,
                Map.of(),
                List.of(),
                List.of(),
                1,
                0,
                BeamOptions.NONE,
                -1,
                ConstraintOptions.NONE,
                0);
    }

    /** The same with another longest completion and seed. */
    public SamplingOptions withLimits(int newTokens, long otherSeed) {
        return new SamplingOptions(
                newTokens,
                Math.min(minNewTokens, newTokens),
                temperature,
                topK,
                topP,
                minP,
                penalties,
                logitBias,
                stop,
                stopTokens,
                samples,
                bestOf,
                beams,
                logprobs,
                constraint,
                otherSeed);
    }

    /** The same with other limits of what a completion may look like. */
    public SamplingOptions withConstraint(ConstraintOptions other) {
        return new SamplingOptions(
                maxNewTokens,
                minNewTokens,
                temperature,
                topK,
                topP,
                minP,
                penalties,
                logitBias,
                stop,
                stopTokens,
                samples,
                bestOf,
                beams,
                logprobs,
                other,
                seed);
    }

    /** @throws IllegalArgumentException if a token is named that a vocabulary of this size lacks */
    public void requireTokens(int vocabularySize) {
        logitBias.keySet().forEach(id -> requireToken("generate.logitBias", id, vocabularySize));
        stopTokens.forEach(id -> requireToken("generate.stopTokens", id, vocabularySize));
    }

    /** @throws IllegalArgumentException if there are more beams than slots, so that none could ever begin */
    void requireBeams(int slots) {
        require(beams.count() <= slots, "generate.beams", beams.count(), "at most generate.slots, " + slots);
    }

    private static void requireToken(String key, int id, int vocabularySize) {
        require(
                id < vocabularySize,
                key,
                "of token " + id,
                "tokens from 0 to " + (vocabularySize - 1) + ", the model's last");
    }

    /** Completions that are made, those not given counted. */
    public int made() {
        return Math.max(samples, bestOf);
    }

    static void require(boolean holds, String key, Object found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + found + "; expected " + expected);
        }
    }
}
