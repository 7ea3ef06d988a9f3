package io.textloom.generate;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Weights;
import io.textloom.runtime.Device;
import io.textloom.tensor.Precision;
import io.textloom.token.Tokenizer;
import java.util.List;
import java.util.Map;

/** Options with what most tests vary. */
public final class TestOptions {
    private TestOptions() {}

    /** With few slots on two lanes. */
    static GenerativeModel open(DecoderSpec spec, Weights weights, Tokenizer tokenizer, int threads) {
        return open(spec, weights, tokenizer, 8, 2);
    }

    static GenerativeModel open(DecoderSpec spec, Weights weights, Tokenizer tokenizer, int slots, int lanes) {
        return open(spec, weights, tokenizer, slots, lanes, Device.CPU);
    }

    static GenerativeModel open(
            DecoderSpec spec, Weights weights, Tokenizer tokenizer, int slots, int lanes, Device device) {
        EngineOptions options = new EngineOptions(Precision.FLOAT32, slots, 512, true);
        return GenerativeModel.open(spec, weights, tokenizer, options, device, 1, lanes);
    }

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
                "",
                longPrompts,
                new EngineOptions(Precision.FLOAT32, slots, 0, true));
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
                PenaltyOptions.NONE,
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
