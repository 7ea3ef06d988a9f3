package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.RandomGpt2;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneToolsTest {
    @TempDir
    Path folder;

    @Test
    void rowsThatDifferInWhatSamplersDoNotLookAtShareOne() throws Exception {
        try (DecoderSession session = RandomGpt2.small().open(folder);
                DecodeState state = session.newState(1, 8)) {
            LaneTools tools = new LaneTools(state, new ToyTokenizer(), new BitSet());
            SamplingOptions options = TestOptions.sampling(8, 0.7, 5, 0.9, 3, 1, List.of());
            SamplingOptions stopping = TestOptions.sampling(9, 0.7, 5, 0.9, 4, 2, List.of("stop"));
            SamplingOptions constrained = options.withConstraint(new ConstraintOptions(List.of("a", "b"), "", ""));
            SamplingOptions hotter = TestOptions.sampling(8, 0.8, 5, 0.9, 3, 1, List.of());
            assertThat(tools.sampler(stopping)).isSameAs(tools.sampler(options));
            assertThat(tools.sampler(constrained)).isSameAs(tools.sampler(options));
            assertThat(tools.sampler(hotter)).isNotSameAs(tools.sampler(options));
        }
    }
}
