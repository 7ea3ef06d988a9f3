package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.model.DecoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.GoldenModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beam search of the whole engine, beams in slots and their keys and values moved, beside transformers; see decoder_goldens.py. */
class DecoderBeamGoldenTest {
    private static final int[] ROWS = {0, 4, 9, 13};
    private static final int TOKENS = 24;
    private static final int BEAMS = 4;

    private static final Map<String, BeamOptions> CASES = Map.of(
            "plain", new BeamOptions(BEAMS, 1, false),
            "ending", new BeamOptions(BEAMS, 1, false),
            "early", new BeamOptions(BEAMS, 1, true),
            "long", new BeamOptions(BEAMS, 2, false),
            "short", new BeamOptions(BEAMS, -0.5, false));

    static List<String> models() {
        return GoldenModel.decoders();
    }

    @ParameterizedTest
    @MethodSource("models")
    void beamsAreThoseOfTransformers(String name) {
        GoldenModel golden = GoldenModel.decoder(name);
        ModelFolder folder = ModelFolder.open(golden.folder());
        int[] ids = golden.ints("ids");
        int[] offsets = golden.ints("offsets");
        List<GenerateRequest> requests = new ArrayList<>();
        List<int[]> expected = new ArrayList<>();
        CASES.forEach((beamCase, options) -> {
            for (int row : ROWS) {
                int[] prompt = Arrays.copyOfRange(ids, offsets[row], offsets[row + 1]);
                requests.add(new GenerateRequest(
                        requests.size(),
                        "row-" + requests.size(),
                        Prompt.of("", prompt, 0),
                        Optional.of(sampling(options, beamCase.equals("plain") ? List.of() : List.of(7)))));
                expected.add(golden.ints("beam." + beamCase + "." + row));
            }
        });
        // 9 slots: two requests side by side, and one left over
        try (GenerativeModel model = TestOptions.open(
                        DecoderSpec.of(folder), folder.weights().orElseThrow(), new ToyTokenizer(), 9, 2);
                Generator generator =
                        model.newGenerator(TestOptions.of(24, 0, 0, 1, 0, 1, List.of(), LongPrompts.ERROR, 9))) {
            Iterator<GenerateOutcome> outcomes = generator.generate(requests.iterator(), new GenerateStats());
            for (int i = 0; i < requests.size(); i++) {
                int longest = expected.get(i).length / BEAMS;
                for (int beam = 0; beam < BEAMS; beam++) {
                    Generated found = (Generated) outcomes.next();
                    int[] tokens = found.tokens().orElseThrow().stream()
                            .mapToInt(TokenLogprob::id)
                            .toArray();
                    int[] wanted = Arrays.stream(expected.get(i), beam * longest, (beam + 1) * longest)
                            .filter(id -> id >= 0)
                            .toArray();
                    assertThat(tokens).as("request %d, beam %d", i, beam).isEqualTo(wanted);
                    assertThat(found.tag()).isEqualTo(i);
                    assertThat(found.sampleIndex()).isEqualTo(beam);
                }
            }
            assertThat(outcomes.hasNext()).isFalse();
        }
    }

    private static SamplingOptions sampling(BeamOptions beams, List<Integer> endTokens) {
        return new SamplingOptions(
                TOKENS,
                0,
                0,
                0,
                1,
                0,
                PenaltyOptions.NONE,
                Map.of(),
                List.of(),
                endTokens,
                BEAMS,
                0,
                beams,
                0,
                ConstraintOptions.NONE,
                0);
    }
}
