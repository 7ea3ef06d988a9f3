package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.model.Weights;
import io.textloom.runtime.RandomGpt2;
import io.textloom.text.RejectCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that bring their own sampling options, good and bad. */
@Timeout(60)
class OwnSamplingTest {
    private static final SamplingOptions PLAIN = SamplingOptions.greedy(8);

    @TempDir
    Path folder;

    @Test
    void whatCannotBeFollowedRejectsItsRowAlone() throws Exception {
        RandomGpt2 shape = RandomGpt2.small();
        shape.write(folder);
        List<SamplingOptions> own = List.of(
                PLAIN,
                with(Map.of(999_999, 1.0), List.of(), 1, ConstraintOptions.NONE, 8),
                with(Map.of(), List.of(999_999), 1, ConstraintOptions.NONE, 8),
                with(Map.of(), List.of(), 9, ConstraintOptions.NONE, 8),
                with(Map.of(), List.of(), 1, new ConstraintOptions(List.of(), "(a", ""), 8),
                with(Map.of(), List.of(), 1, ConstraintOptions.NONE, 1_000_000),
                PLAIN);
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            requests.add(new GenerateRequest(i, "row-" + i, Prompt.of("once"), Optional.of(own.get(i))));
        }
        GenerateOptions options = TestOptions.of(8, 0, 0, 1, 5, 1, List.of(), LongPrompts.TRUNCATE, 8);
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (GenerativeModel model = TestOptions.open(shape.spec(), Weights.open(folder), new ToyTokenizer(), 8, 2);
                Generator generator = model.newGenerator(options)) {
            generator.generate(requests.iterator(), new GenerateStats()).forEachRemaining(outcomes::add);
        }
        assertThat(outcomes).hasSize(own.size());
        for (int i = 0; i < outcomes.size(); i++) {
            if (own.get(i) == PLAIN) {
                assertThat(outcomes.get(i)).isInstanceOf(Generated.class);
            } else {
                assertThat(((Rejected) outcomes.get(i)).rejection().code()).isEqualTo(RejectCode.INVALID_REQUEST);
            }
        }
    }

    private static SamplingOptions with(
            Map<Integer, Double> bias,
            List<Integer> stopTokens,
            int beams,
            ConstraintOptions constraint,
            int maxNewTokens) {
        return new SamplingOptions(
                maxNewTokens,
                0,
                0,
                0,
                1,
                0,
                PenaltyOptions.NONE,
                bias,
                List.of(),
                stopTokens,
                1,
                0,
                new BeamOptions(beams, 1, false),
                -1,
                constraint,
                0);
    }
}
