package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.Weights;
import io.textloom.runtime.Device;
import io.textloom.runtime.RandomGpt2;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generation where keys and values lie in memory of the device's allocator, as on a card. */
class DeviceGenerateTest {
    @TempDir
    Path folder;

    /** Greedy and drawn texts, several of one prompt, beginnings out of the prefix cache, and rows that outgrow the cache. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "0.7, 3"})
    void textsAreThoseOfTheCpu(double temperature, int samples) throws Exception {
        GenerateOptions options =
                TestOptions.of(60, temperature, 0, 0.9, 3, samples, List.of("qq"), LongPrompts.TRUNCATE, 4);
        List<GenerateOutcome> expected = run(Device.CPU, options);
        assertThat(expected).hasSize(40 * samples);
        assertThat(run(Device.cudaOnCpu(0), options)).isEqualTo(expected);
    }

    @Test
    void beamsAreThoseOfTheCpu() throws Exception {
        GenerateOptions plain = TestOptions.of(12, 0, 0, 1, 3, 1, List.of(), LongPrompts.TRUNCATE, 4);
        SamplingOptions s = plain.sampling();
        GenerateOptions options = new GenerateOptions(
                new SamplingOptions(
                        s.maxNewTokens(),
                        s.minNewTokens(),
                        s.temperature(),
                        s.topK(),
                        s.topP(),
                        s.minP(),
                        s.penalties(),
                        s.logitBias(),
                        s.stop(),
                        s.stopTokens(),
                        s.samples(),
                        s.bestOf(),
                        new BeamOptions(4, 1, false),
                        s.logprobs(),
                        s.constraint(),
                        s.seed()),
                plain.maxNewTokensColumn(),
                plain.longPrompts(),
                plain.engine());
        assertThat(run(Device.cudaOnCpu(0), options)).isEqualTo(run(Device.CPU, options));
    }

    private List<GenerateOutcome> run(Device device, GenerateOptions options) throws Exception {
        RandomGpt2 shape = RandomGpt2.small();
        shape.write(folder);
        List<GenerateRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            requests.add(new GenerateRequest(i, "row-" + i, "prompt ".repeat(1 + i % 14) + i));
        }
        List<GenerateOutcome> outcomes = new ArrayList<>();
        try (GenerativeModel model =
                        TestOptions.open(shape.spec(), Weights.open(folder), new ToyTokenizer(), 8, 2, device);
                Generator generator = model.newGenerator(options)) {
            generator.generate(requests.iterator(), new GenerateStats()).forEachRemaining(outcomes::add);
        }
        return outcomes;
    }
}
