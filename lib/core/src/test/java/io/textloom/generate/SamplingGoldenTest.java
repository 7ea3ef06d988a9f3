package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.Categorical;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Distributions after all processing against transformers; the files say by which versions they were made. */
class SamplingGoldenTest {
    @Test
    void distributionsEqualThoseOfTransformers() throws IOException {
        for (JsonNode row : SamplingGolden.rows("distributions.jsonl", 80)) {
            String name = row.get("name").asText();
            double[] probabilities = distribution(row);
            int kept = 0;
            long sumOfIds = 0;
            for (int id = 0; id < probabilities.length; id++) {
                if (probabilities[id] > 0) {
                    kept++;
                    sumOfIds += id;
                }
            }
            assertThat(kept).as(name).isEqualTo(row.get("kept").asInt());
            assertThat(sumOfIds % (1L << 31))
                    .as(name)
                    .isEqualTo(row.get("sum_of_ids").asLong());
            for (JsonNode pair : row.get("probabilities")) {
                assertThat(probabilities[pair.get(0).asInt()])
                        .as("%s, token %s", name, pair.get(0))
                        .isCloseTo(pair.get(1).asDouble(), withinPercentage(1e-4));
            }
        }
    }

    private static double[] distribution(JsonNode row) {
        int vocabulary = row.get("vocabulary").asInt();
        SamplingOptions options = SamplingGolden.options(row.get("options"), true);
        LogitsProcessors processors = new LogitsProcessors(options, vocabulary, SamplingGolden.set(row.get("end")));
        RandomSampler sampler = new RandomSampler(options, processors, vocabulary, new Categorical(vocabulary));
        int[] prompt = SamplingGolden.ints(row.get("prompt"));
        TokenHistory history = new TokenHistory(prompt, prompt.length, 5);
        for (int token : SamplingGolden.ints(row.get("completion"))) {
            history.add(token);
        }
        float[] logits = SamplingGolden.logits(
                vocabulary, row.get("seed").asLong(), row.get("spread").asDouble());
        assertThat(sampler.distribute(logits, history, null)).isTrue();
        double[] probabilities = new double[vocabulary];
        sampler.distribution().probabilities(probabilities);
        return probabilities;
    }
}
