package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.Categorical;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Draws follow the distribution that the golden test compares: Pearson's statistic over many seeds, which are fixed. */
class SamplerDrawsTest {
    private static final int DRAWS = 100_000;
    /** Tokens expected less often are counted together. */
    private static final int LEAST_EXPECTED = 20;

    @Test
    void drawsOverManySeedsFollowTheDistribution() throws IOException {
        List<JsonNode> rows = SamplingGolden.rows("distributions.jsonl", 80);
        for (JsonNode row : rows) {
            if (row.get("vocabulary").asInt() == 7) {
                check(row);
            }
        }
    }

    @Test
    void drawsFromAVocabularyDoToo() throws IOException {
        for (JsonNode row : SamplingGolden.rows("distributions.jsonl", 80)) {
            if (row.get("name").asText().matches("(temperature-high|p-min-p|all)-1000")) {
                check(row);
            }
        }
    }

    private static void check(JsonNode row) {
        int vocabulary = row.get("vocabulary").asInt();
        SamplingOptions options = SamplingGolden.options(row.get("options"), true);
        LogitsProcessors processors = new LogitsProcessors(options, vocabulary, SamplingGolden.set(row.get("end")));
        RandomSampler sampler = new RandomSampler(options, processors, vocabulary, new Categorical(vocabulary));
        int[] prompt = SamplingGolden.ints(row.get("prompt"));
        int[] completion = SamplingGolden.ints(row.get("completion"));
        float[] logits = SamplingGolden.logits(
                vocabulary, row.get("seed").asLong(), row.get("spread").asDouble());
        double[] probabilities = new double[vocabulary];
        int[] counts = new int[vocabulary];
        for (int seed = 0; seed < DRAWS; seed++) {
            TokenHistory history = new TokenHistory(prompt, prompt.length, seed);
            for (int token : completion) {
                history.add(token);
            }
            counts[sampler.sample(logits.clone(), history, null)]++;
        }
        sampler.distribution().probabilities(probabilities);
        double statistic = 0;
        double rare = 0;
        int rareCount = 0;
        int cells = 0;
        for (int id = 0; id < vocabulary; id++) {
            double expected = probabilities[id] * DRAWS;
            if (probabilities[id] == 0) {
                assertThat(counts[id]).isZero();
            } else if (expected < LEAST_EXPECTED) {
                rare += expected;
                rareCount += counts[id];
            } else {
                statistic += (counts[id] - expected) * (counts[id] - expected) / expected;
                cells++;
            }
        }
        if (rare > 0) {
            statistic += (rareCount - rare) * (rareCount - rare) / Math.max(rare, 1);
            cells++;
        }
        // mean and deviation of chi-square are known; four deviations and a little for few cells
        int freedom = Math.max(cells - 1, 0);
        assertThat(statistic)
                .as(row.get("name").asText())
                .isLessThanOrEqualTo(freedom + 4 * Math.sqrt(2 * freedom) + 6);
    }
}
