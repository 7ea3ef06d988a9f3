package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.DecoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.tensor.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders of fewer bits whose weights are many enough to be packed into the cache. */
class DecoderPrecisionTest {
    private static final RandomGpt2 MODEL = new RandomGpt2(256, 2, 4, 160, 12_000, true, "transformer.", 5);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"INT8, 0.999", "INT4, 0.97"})
    void logitsAreNearFloat32AndDoNotDependOnMates(Precision precision, double cosine) throws Exception {
        float[] exact = logits(Precision.FLOAT32, 1);
        float[] alone = logits(precision, 1);
        assertThat(cosine(alone, exact)).isBetween(cosine, 0.99999);
        assertThat(logits(precision, 13)).isEqualTo(alone);
    }

    /** As on a card, keys and values in half precision too. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3", "mistral", "gpt-neo", "openai-gpt"})
    void everyArchitectureComputesInHalfPrecision(String name) throws Exception {
        ModelFolder model = ModelFolder.open(Path.of(DecoderPrecisionTest.class
                .getResource("/golden/decoders/" + name)
                .toURI()));
        float[] exact = logits(model, Precision.FLOAT32, Device.CPU);
        float[] half = logits(model, Precision.FLOAT16, Device.cudaOnCpu(0));
        assertThat(cosine(half, exact)).isGreaterThan(0.999);
        assertThat(half).isNotEqualTo(exact);
    }

    private static float[] logits(ModelFolder model, Precision precision, Device device) {
        DecoderSpec spec = DecoderSpec.of(model);
        int[] ids = new SplittableRandom(3).ints(12, 0, spec.vocabularySize()).toArray();
        try (DecoderSession session = DecoderSession.open(spec, model.weights().orElseThrow(), precision, device, 1);
                DecodeState state = session.newState(2, 16)) {
            state.prefill(1, ids, 10);
            state.decode(new int[] {0, ids[10]});
            state.decode(new int[] {0, ids[11]});
            float[] logits = new float[state.vocabularySize()];
            state.logits(1, logits);
            return logits;
        }
    }

    /** After a prompt and some tokens, in the last slot. */
    private float[] logits(Precision precision, int slots) throws Exception {
        int[] ids = new SplittableRandom(3).ints(80, 0, 12_000).toArray();
        try (DecoderSession session = MODEL.open(folder, precision);
                DecodeState state = session.newState(slots, 100)) {
            for (int slot = 0; slot < slots; slot++) {
                state.prefill(slot, ids, slot + 1 == slots ? 70 : 1 + 5 * slot);
            }
            int[] next = new int[slots];
            for (int at = 70; at < 80; at++) {
                Arrays.fill(next, ids[at]);
                state.decode(next);
            }
            float[] logits = new float[state.vocabularySize()];
            state.logits(slots - 1, logits);
            return logits;
        }
    }

    private static double cosine(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }
}
