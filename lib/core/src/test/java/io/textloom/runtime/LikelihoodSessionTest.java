package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.model.Architecture;
import io.textloom.model.GptSpec;
import io.textloom.model.LlamaSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-probabilities of given tokens beside Hugging Face transformers, by a small random decoder of every architecture. */
class LikelihoodSessionTest {
    private static final float TOLERANCE = 1e-4f;
    private static final float INVARIANCE = 1e-6f;

    static List<String> decoders() {
        return GoldenModel.scored();
    }

    @Test
    void everyDecoderHasGoldens() {
        List<Architecture> covered = decoders().stream()
                .map(name -> open(name).architecture())
                .distinct()
                .toList();
        Stream<Architecture> decoders = GoldenModel.having("hidden.0").stream()
                .map(name -> ModelFolder.open(GoldenModel.read(name).folder()))
                .filter(folder -> folder.encoderSpec() instanceof GptSpec || folder.encoderSpec() instanceof LlamaSpec)
                .map(ModelFolder::architecture)
                .distinct();
        assertThat(covered).containsExactlyInAnyOrderElementsOf(decoders.toList());
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void equalsTransformers(String name) {
        GoldenModel golden = GoldenModel.scored(name);
        Asked all = Asked.everyToken(golden.batch());
        try (LikelihoodSession session = session(name, Precision.FLOAT32)) {
            all.run(session);
        }
        assertNear(all.logprobs, all.expected(golden.floats("logprobs")), TOLERANCE);
        assertNear(all.margins, all.expected(golden.floats("margins")), TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void batchMatesAndPaddingChangeNothing(String name) {
        GoldenModel golden = GoldenModel.scored(name);
        Asked all = Asked.everyToken(golden.batch());
        try (LikelihoodSession session = session(name, Precision.FLOAT32)) {
            all.run(session);
            for (int row = 0, at = 0; row < golden.batch().size(); row++) {
                Asked alone = Asked.everyToken(golden.row(row));
                alone.run(session);
                int n = alone.logprobs.length;
                assertNear(alone.logprobs, Arrays.copyOfRange(all.logprobs, at, at + n), INVARIANCE);
                at += n;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void eightBitsAreNearThirtyTwo(String name) {
        GoldenModel golden = GoldenModel.scored(name);
        Asked all = Asked.everyToken(golden.batch());
        try (LikelihoodSession session = session(name, Precision.INT8)) {
            all.run(session);
        }
        float[] expected = all.expected(golden.floats("logprobs"));
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            sum += Math.abs(all.logprobs[i] - expected[i]);
        }
        assertThat(all.logprobs).isNotEqualTo(expected);
        assertThat(sum / expected.length).isLessThan(0.1);
    }

    @Test
    void questionsMayComeInAnyOrderAndShareAPlace() {
        GoldenModel golden = GoldenModel.scored("gpt2");
        TokenBatch row = golden.row(6);
        try (LikelihoodSession session = session("gpt2", Precision.FLOAT32)) {
            int vocabulary = session.spec().vocabulary();
            int[] places = new int[2 * vocabulary];
            int[] targets = new int[2 * vocabulary];
            for (int i = 0; i < places.length; i++) {
                places[i] = i % 2 == 0 ? 30 : 4;
                targets[i] = i / 2;
            }
            float[] logprobs = new float[places.length];
            float[] margins = new float[places.length];
            session.run(row, places, targets, logprobs, margins);
            for (int first = 0; first < 2; first++) {
                double sum = 0;
                for (int i = first; i < logprobs.length; i += 2) {
                    sum += Math.exp(logprobs[i]);
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
            Asked all = Asked.everyToken(row);
            all.run(session);
            assertThat(logprobs[2 * row.ids()[31]]).isCloseTo(all.logprobs[30], within(INVARIANCE));
            assertThat(logprobs[2 * row.ids()[5] + 1]).isCloseTo(all.logprobs[4], within(INVARIANCE));
        }
    }

    @Test
    void manyStatesGoThroughTheHeadInParts() {
        GoldenModel golden = GoldenModel.scored("llama");
        TokenBatch row = golden.row(6);
        int[][] copies = new int[40][];
        Arrays.fill(copies, row.ids());
        Asked all = Asked.everyToken(TokenBatch.of(List.of(copies)));
        Asked one = Asked.everyToken(row);
        try (LikelihoodSession session = session("llama", Precision.FLOAT32)) {
            all.run(session);
            one.run(session);
        }
        assertThat(all.logprobs.length).isGreaterThan(1024);
        for (int i = 0; i < all.logprobs.length; i++) {
            assertThat(all.logprobs[i]).isCloseTo(one.logprobs[i % one.logprobs.length], within(INVARIANCE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "bert-mlm", "gpt2-sequence", "llama-bidirectional"})
    void foldersThatAreNoLanguageModelsAreRefused(String name) {
        ModelFolder folder = ModelFolder.open(GoldenModel.read(name).folder());
        assertThatThrownBy(() -> LikelihoodSession.open(folder, Precision.FLOAT32, Device.CPU, 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds no decoder that says how likely texts are");
    }

    @Test
    void aDecoderWithoutItsHeadIsRefused() {
        ModelFolder folder = ModelFolder.open(GoldenModel.read("llama").folder());
        assertThatThrownBy(() -> LikelihoodSession.open(folder, Precision.FLOAT32, Device.CPU, 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("lm_head.weight");
    }

    @Test
    void tokensOutsideTheVocabularyAreRefused() {
        try (LikelihoodSession session = session("gpt2", Precision.FLOAT32)) {
            assertThatThrownBy(() -> session.run(
                            GoldenModel.scored("gpt2").row(1),
                            new int[] {0},
                            new int[] {64},
                            new float[1],
                            new float[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Token id 64 is outside");
        }
    }

    private static ModelFolder open(String name) {
        return ModelFolder.open(GoldenModel.scored(name).folder());
    }

    private static LikelihoodSession session(String name, Precision precision) {
        return LikelihoodSession.open(open(name), precision, Device.CPU, 1);
    }

    private static void assertNear(float[] found, float[] expected, float tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("question " + i).isCloseTo(expected[i], within(tolerance));
        }
    }

    /** Every token of a batch but each row's first, asked after the one before it. */
    private static final class Asked {
        final TokenBatch batch;
        final int[] places;
        final int[] targets;
        final float[] logprobs;
        final float[] margins;

        private Asked(TokenBatch batch) {
            this.batch = batch;
            int n = batch.totalTokens() - batch.size();
            places = new int[n];
            targets = new int[n];
            logprobs = new float[n];
            margins = new float[n];
        }

        static Asked everyToken(TokenBatch batch) {
            Asked asked = new Asked(batch);
            for (int row = 0, at = 0; row < batch.size(); row++) {
                for (int i = 1; i < batch.length(row); i++, at++) {
                    asked.places[at] = batch.offset(row) + i - 1;
                    asked.targets[at] = batch.ids()[batch.offset(row) + i];
                }
            }
            return asked;
        }

        void run(LikelihoodSession session) {
            session.run(batch, places, targets, logprobs, margins);
        }

        /** Of the golden values those asked about. */
        float[] expected(float[] ofAllTokens) {
            float[] expected = new float[places.length];
            for (int i = 0; i < places.length; i++) {
                expected[i] = ofAllTokens[places[i] + 1];
            }
            return expected;
        }
    }
}
