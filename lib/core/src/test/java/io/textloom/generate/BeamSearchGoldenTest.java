package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.tensor.CounterRandom;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Beam search against transformers; the files say by which versions they were made. */
class BeamSearchGoldenTest {
    private static final long SEED = 77;
    private static final double SPREAD = 5;

    @Test
    void hypothesesEqualThoseOfTransformers() throws IOException {
        for (JsonNode row : SamplingGolden.rows("beams.jsonl", 384)) {
            String name = row.get("name").asText();
            List<Hypothesis> found = search(row);
            JsonNode sequences = row.get("sequences");
            assertThat(found).as(name).hasSize(sequences.size());
            for (int i = 0; i < found.size(); i++) {
                Hypothesis hypothesis = found.get(i);
                assertThat(hypothesis.ids).as(name).isEqualTo(SamplingGolden.ints(sequences.get(i)));
                double score = row.get("scores").get(i).asDouble();
                // of 32 bits, as the scores of long completions are large
                assertThat((double) hypothesis.score).as(name).isCloseTo(score, within(1e-5 + 1e-6 * Math.abs(score)));
            }
        }
    }

    private static List<Hypothesis> search(JsonNode row) {
        int vocabulary = row.get("vocabulary").asInt();
        SamplingOptions options = SamplingGolden.options(row.get("options"), false);
        BitSet end = SamplingGolden.set(row.get("end"));
        int[] prompt = SamplingGolden.ints(row.get("prompt"));
        BeamSearch search = new BeamSearch(
                options,
                new LogitsProcessors(options, vocabulary, end),
                vocabulary,
                end,
                new TokenHistory(prompt, prompt.length, 0),
                options.maxNewTokens(),
                StopCheck.NEVER);
        int beams = options.beams().count();
        // contexts follow the parents, as an engine's keys and values do
        String[] contexts = {text(prompt)};
        int[] parents = new int[beams];
        int[] tokens = new int[beams];
        while (!search.isDone()) {
            float[][] logits = new float[search.beams()][];
            for (int beam = 0; beam < logits.length; beam++) {
                logits[beam] = SamplingGolden.logits(vocabulary, CounterRandom.derive(SEED, contexts[beam], 0), SPREAD);
            }
            assertThat(search.step(logits, null, parents, tokens)).isTrue();
            if (!search.isDone()) {
                String[] next = new String[beams];
                for (int beam = 0; beam < beams; beam++) {
                    next[beam] = contexts[parents[beam]] + (char) tokens[beam];
                }
                contexts = next;
            }
        }
        return search.best(beams);
    }

    private static String text(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append((char) id);
        }
        return text.toString();
    }
}
