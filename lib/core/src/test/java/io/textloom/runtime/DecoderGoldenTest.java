package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.Architecture;
import io.textloom.model.DecoderSpec;
import io.textloom.model.DecoderTrunk;
import io.textloom.model.ModelFolder;
import io.textloom.model.Weights;
import io.textloom.tensor.Precision;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A small random decoder of every architecture beside Hugging Face transformers, in ragged batches; see decoder_goldens.py. */
class DecoderGoldenTest {
    private static final float TOLERANCE = 1e-3f;
    private static final int NEW_TOKENS = 64;
    private static final int STEPS = 12;

    static List<String> models() {
        return GoldenModel.decoders();
    }

    static Stream<Arguments> coarse() {
        return models().stream()
                .flatMap(m -> Stream.of(Arguments.of(m, Precision.INT8, 0.995), Arguments.of(m, Precision.INT4, 0.9)));
    }

    static Stream<Arguments> all() {
        return models().stream()
                .flatMap(m -> Stream.of(Precision.FLOAT32, Precision.INT8, Precision.INT4)
                        .map(p -> Arguments.of(m, p)));
    }

    @Test
    void everyDecoderHasGoldens() {
        EnumSet<Architecture> found = EnumSet.noneOf(Architecture.class);
        models().forEach(name -> {
            ModelFolder folder = ModelFolder.open(GoldenModel.decoder(name).folder());
            assertThat(folder.encoderSpec()).isInstanceOf(DecoderTrunk.class);
            found.add(folder.architecture());
        });
        assertThat(found)
                .containsExactlyInAnyOrder(
                        Architecture.GPT2,
                        Architecture.OPENAI_GPT,
                        Architecture.GPT_NEO,
                        Architecture.LLAMA,
                        Architecture.MISTRAL,
                        Architecture.QWEN2,
                        Architecture.QWEN3);
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAndGreedyTokensAreThoseOfTransformers(String name) {
        GoldenModel golden = GoldenModel.decoder(name);
        int[][] prompts = prompts(golden);
        int[] greedy = golden.ints("greedy");
        float[] logProbabilities = golden.floats("log_probs");
        try (DecoderSession session = open(golden, Precision.FLOAT32);
                DecodeState state = session.newState(prompts.length, 64)) {
            for (int row = 0; row < prompts.length; row++) {
                state.prefill(row, prompts[row], prompts[row].length);
            }
            float[] expected = golden.floats("logits");
            float worst = 0;
            for (int row = 0; row < prompts.length; row++) {
                worst = Math.max(worst, difference(logits(state, row), expected, row));
            }
            assertThat(worst).as("logits after prompts").isLessThanOrEqualTo(TOLERANCE);
            for (int step = 0; step < NEW_TOKENS; step++) {
                int[] next = new int[prompts.length];
                for (int row = 0; row < prompts.length; row++) {
                    int at = row * NEW_TOKENS + step;
                    next[row] = largest(logits(state, row));
                    assertThat(next[row]).as("row %d, step %d", row, step).isEqualTo(greedy[at]);
                    assertThat(Math.abs(state.logProbability(row, next[row]) - logProbabilities[at]))
                            .isLessThanOrEqualTo(TOLERANCE);
                }
                if (step + 1 < NEW_TOKENS) {
                    state.decode(next);
                }
            }
            assertThat(worstWithin(golden, state, prompts))
                    .as("logits within prompts")
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    /** Logits after a beginning of a prompt, decoded rather than computed at once. */
    private static float worstWithin(GoldenModel golden, DecodeState state, int[][] prompts) {
        float worst = 0;
        int[] rows = golden.ints("rows");
        int[] positions = golden.ints("positions");
        float[] expected = golden.floats("point.logits");
        for (int point = 0; point < rows.length; point++) {
            int length = positions[point] + 1;
            int prefilled = Math.max(1, length - 9);
            for (int slot = 0; slot < state.slots(); slot++) {
                state.release(slot);
            }
            state.prefill(3, prompts[rows[point]], prefilled);
            for (int at = prefilled; at < length; at++) {
                int[] next = new int[state.slots()];
                next[3] = prompts[rows[point]][at];
                state.decode(next);
            }
            worst = Math.max(worst, difference(logits(state, 3), expected, point));
        }
        return worst;
    }

    @ParameterizedTest
    @MethodSource("coarse")
    void fewerBitsAreNearThirtyTwo(String name, Precision precision, double cosine) {
        GoldenModel golden = GoldenModel.decoder(name);
        int[][] prompts = prompts(golden);
        float[] exact = golden.floats("logits");
        float[] found = new float[exact.length];
        int vocabulary = exact.length / prompts.length;
        try (DecoderSession session = open(golden, precision);
                DecodeState state = session.newState(1, 64)) {
            for (int row = 0; row < prompts.length; row++) {
                state.prefill(0, prompts[row], prompts[row].length);
                System.arraycopy(logits(state, 0), 0, found, row * vocabulary, vocabulary);
            }
        }
        assertThat(found).isNotEqualTo(exact);
        assertThat(cosine(found, exact)).as(name + " " + precision).isGreaterThan(cosine);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRowHasTheSameBitsAloneAndWithMates(String name, Precision precision) {
        GoldenModel golden = GoldenModel.decoder(name);
        int[][] prompts = prompts(golden);
        try (DecoderSession session = open(golden, precision)) {
            for (int row : new int[] {2, 8, 13}) {
                assertThat(trace(session, prompts, row, true)).isEqualTo(trace(session, prompts, row, false));
            }
        }
    }

    /** Logits of a row after its prompt and after each of some tokens, bit by bit. */
    private static int[][] trace(DecoderSession session, int[][] prompts, int row, boolean mates) {
        int[][] trace = new int[STEPS + 1][];
        try (DecodeState state = session.newState(mates ? prompts.length : 1, mates ? 256 : 8)) {
            int slot = mates ? row : 0;
            for (int other = 0; mates && other < prompts.length; other++) {
                state.prefill(other, prompts[other], prompts[other].length);
            }
            state.prefill(slot, prompts[row], prompts[row].length);
            for (int step = 0; step <= STEPS; step++) {
                trace[step] = bits(logits(state, slot));
                int[] next = new int[state.slots()];
                Arrays.fill(next, step);
                next[slot] = prompts[15][step];
                state.decode(next);
            }
        }
        return trace;
    }

    private static DecoderSession open(GoldenModel golden, Precision precision) {
        ModelFolder folder = ModelFolder.open(golden.folder());
        Weights weights = folder.weights().orElseThrow();
        return DecoderSession.open(DecoderSpec.of(folder), weights, precision, Device.CPU, 1);
    }

    private static int[][] prompts(GoldenModel golden) {
        int[] ids = golden.ints("ids");
        int[] offsets = golden.ints("offsets");
        int[][] prompts = new int[offsets.length - 1][];
        Arrays.setAll(prompts, row -> Arrays.copyOfRange(ids, offsets[row], offsets[row + 1]));
        return prompts;
    }

    private static float[] logits(DecodeState state, int slot) {
        float[] logits = new float[state.vocabularySize()];
        state.logits(slot, logits);
        return logits;
    }

    private static float difference(float[] found, float[] expected, int row) {
        float worst = 0;
        for (int i = 0; i < found.length; i++) {
            float d = Math.abs(found[i] - expected[row * found.length + i]);
            worst = d <= worst ? worst : d; // NaN is worst
        }
        return worst;
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
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
