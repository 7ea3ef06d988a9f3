package io.textloom.generate;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.tensor.Precision;
import java.util.List;
import java.util.Map;

/** Options with what most tests vary. */
public final class TestOptions {
    private TestOptions() {}

    public static GenerateOptions of(
            int maxNewTokens,
            double temperature,
            int topK,
            double topP,
            long seed,
            int samples,
            List<String> stop,
            LongPrompts longPrompts,
            int slots) {
        return new GenerateOptions(
                sampling(maxNewTokens, temperature, topK, topP, seed, samples, stop),
                longPrompts,
                Precision.FLOAT32,
                slots,
                0,
                true);
    }

    static SamplingOptions sampling(
            int maxNewTokens, double temperature, int topK, double topP, long seed, int samples, List<String> stop) {
        return new SamplingOptions(
                maxNewTokens,
                0,
                temperature,
                topK,
                topP,
                0,
                Penalties.NONE,
                Map.of(),
                stop,
                List.of(),
                samples,
                0,
                BeamOptions.NONE,
                -1,
                ConstraintOptions.NONE,
                seed);
    }
}
