package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.tensor.CounterRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
    private static final int VOCABULARY = 6;
    private static final int END = 5;
    private static final int BEAMS = 3;

    @Test
    void logprobsAreThoseOfTheModelWhateverTheProcessorsChange() {
        for (Hypothesis hypothesis : run(new PenaltyOptions(1.7, 0, 0, 0), StopCheck.NEVER, null)) {
            int[] context = new int[0];
            for (int i = 0; i < hypothesis.ids.length; i++) {
                float[] logits = logits(context);
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                assertThat((double) hypothesis.logprobs[i])
                        .isCloseTo(logits[hypothesis.ids[i]] - Math.log(sum), within(1e-5));
                context = Arrays.copyOf(hypothesis.ids, i + 1);
            }
        }
    }

    @Test
    void aStopStringEndsACandidate() {
        // any second token ends it
        List<Hypothesis> found = run(PenaltyOptions.NONE, (ids, count) -> count == 2, null);
        assertThat(found).hasSize(BEAMS);
        assertThat(found).allMatch(h -> h.ids.length <= 2 && h.finishReason == FinishReason.STOP);
    }

    @Test
    void noEndIsALengthReached() {
        BitSet allowed = new BitSet();
        allowed.set(0, END);
        List<Hypothesis> found = run(PenaltyOptions.NONE, StopCheck.NEVER, allowed);
        assertThat(found).hasSize(BEAMS);
        assertThat(found).allMatch(h -> h.ids.length == 4 && h.finishReason == FinishReason.LENGTH);
    }

    @Test
    void aConstraintThatLeavesFewCompletionsGivesEachOnce() {
        BitSet allowed = new BitSet();
        allowed.set(2);
        List<Hypothesis> found = run(PenaltyOptions.NONE, StopCheck.NEVER, allowed);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).ids).containsExactly(2, 2, 2, 2);
    }

    @Test
    void logitsThatAreNotNumbersFailTheSearch() {
        BeamSearch search = search(PenaltyOptions.NONE, StopCheck.NEVER);
        float[][] logits = new float[1][VOCABULARY];
        Arrays.fill(logits[0], Float.NaN);
        assertThat(search.step(logits, null, new int[BEAMS], new int[BEAMS])).isFalse();
        assertThat(search.isDone()).isTrue();
        assertThat(search.best(1)).isEmpty();
    }

    private static List<Hypothesis> run(PenaltyOptions penalties, StopCheck stops, @Nullable BitSet allowed) {
        BeamSearch search = search(penalties, stops);
        int[] parents = new int[BEAMS];
        int[] tokens = new int[BEAMS];
        while (!search.isDone()) {
            float[][] logits = new float[search.beams()][];
            BitSet[] ofBeams = new BitSet[search.beams()];
            for (int beam = 0; beam < logits.length; beam++) {
                TokenHistory history = search.history(beam);
                logits[beam] = logits(Arrays.copyOf(history.completion, history.count));
                ofBeams[beam] = allowed;
            }
            assertThat(search.step(logits, allowed == null ? null : ofBeams, parents, tokens))
                    .isTrue();
        }
        return search.best(BEAMS);
    }

    private static BeamSearch search(PenaltyOptions penalties, StopCheck stops) {
        SamplingOptions options = new SamplingOptions(
                4,
                0,
                0,
                0,
                1,
                0,
                penalties,
                Map.of(),
                List.of(),
                List.of(),
                1,
                0,
                new BeamOptions(BEAMS, 1, false),
                -1,
                ConstraintOptions.NONE,
                0);
        BitSet end = new BitSet();
        end.set(END);
        return new BeamSearch(
                options,
                new LogitsProcessors(options, VOCABULARY, end),
                VOCABULARY,
                end,
                new TokenHistory(new int[] {1}, 1, 0),
                4,
                stops);
    }

    private static float[] logits(int[] completion) {
        float[] logits = new float[VOCABULARY];
        long seed = CounterRandom.derive(1, Arrays.toString(completion), 0);
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) (CounterRandom.uniform(seed, i) * 5);
        }
        return logits;
    }
}
