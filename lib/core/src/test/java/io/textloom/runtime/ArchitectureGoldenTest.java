package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.Architecture;
import io.textloom.model.ModelFolder;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A small random model of every architecture beside Hugging Face transformers: every hidden state and every pooling. */
class ArchitectureGoldenTest {
    private static final float TOLERANCE = 1e-4f;
    private static final float INVARIANCE = 1e-6f;

    /** Every folder without a head. */
    static List<String> trunks() {
        return GoldenModel.having("hidden.0");
    }

    @Test
    void everyArchitectureHasGoldens() {
        assertThat(trunks().stream()
                        .map(name -> ModelFolder.open(GoldenModel.read(name).folder())
                                .architecture())
                        .distinct())
                // those that transformers computes, too: word vectors are a table, ONNX files bring their own graph,
                // and of
                // ELMo see ElmoGoldenTest
                .containsExactlyInAnyOrder(
                        EnumSet.complementOf(EnumSet.of(Architecture.ONNX, Architecture.WORD2VEC, Architecture.ELMO))
                                .toArray(Architecture[]::new));
    }

    @ParameterizedTest
    @MethodSource("trunks")
    void equalsTransformers(String name) {
        GoldenModel golden = GoldenModel.read(name);
        ModelFolder folder = ModelFolder.open(golden.folder());
        boolean types = golden.has("types");
        for (int layer = 0; layer <= golden.layers("hidden."); layer++) {
            check(folder, golden, request(Optional.empty(), layer, types), "hidden." + layer);
            if (golden.has("notypes.hidden." + layer)) {
                check(folder, golden, request(Optional.empty(), layer, false), "notypes.hidden." + layer);
            }
        }
        for (Pooling pooling : Pooling.values()) {
            String expected = pooling == Pooling.POOLER
                    ? "pooler"
                    : "pooled." + pooling.toString().replace('-', '_');
            if (golden.has(expected)) {
                check(folder, golden, request(Optional.of(pooling), -1, types), expected);
            } else {
                assertThat(pooling).isEqualTo(Pooling.POOLER);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("trunks")
    void batchMatesAndPaddingChangeNothing(String name) {
        GoldenModel golden = GoldenModel.read(name);
        EncoderRequest last = request(Optional.empty(), -1, golden.has("types"));
        try (EncoderSession session = EncoderSession.open(ModelFolder.open(golden.folder()), last, 1)) {
            float[] together = tokens(session, golden.batch());
            for (int row = 0; row < golden.batch().size(); row++) {
                assertThat(difference(session, golden.row(row), golden.ofRow(together, row, true)))
                        .as(name + " row " + row)
                        .isLessThanOrEqualTo(INVARIANCE);
            }
        }
    }

    /** Every product is one that {@link Int8Linears} takes over. */
    @ParameterizedTest
    @MethodSource("trunks")
    void eightBitsAreNearThirtyTwo(String name) {
        GoldenModel golden = GoldenModel.read(name);
        boolean types = golden.has("types");
        EncoderRequest last = new EncoderRequest(Optional.empty(), true, false, List.of(-1), types, Precision.INT8);
        try (EncoderSession session = EncoderSession.open(ModelFolder.open(golden.folder()), last, 1)) {
            float[] found = tokens(session, golden.batch());
            float[] expected = golden.floats("last");
            assertThat(found).isNotEqualTo(expected);
            assertThat(cosine(found, expected)).isGreaterThan(0.999);
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

    private static float[] tokens(EncoderSession session, TokenBatch batch) {
        float[] tokens = new float[batch.totalTokens() * session.tokenWidth()];
        session.run(batch, new float[0], tokens);
        return tokens;
    }

    private static EncoderRequest request(Optional<Pooling> pooling, int layer, boolean types) {
        return new EncoderRequest(pooling, pooling.isEmpty(), false, List.of(layer), types, Precision.FLOAT32);
    }

    /** All rows in one batch, and each alone. */
    private static void check(ModelFolder folder, GoldenModel golden, EncoderRequest request, String expected) {
        float[] values = golden.floats(expected);
        try (EncoderSession session = EncoderSession.open(folder, request, 1)) {
            assertThat(difference(session, golden.batch(), values))
                    .as(folder + " " + expected + " " + request)
                    .isLessThanOrEqualTo(TOLERANCE);
            List<Float> alone = new ArrayList<>();
            for (int row = 0; row < golden.batch().size(); row++) {
                alone.add(difference(session, golden.row(row), golden.ofRow(values, row, request.tokenVectors())));
            }
            assertThat(alone).as(folder + " " + expected + " " + request).allMatch(d -> d <= TOLERANCE);
        }
    }

    private static float difference(EncoderSession session, TokenBatch batch, float[] expected) {
        float[] rows = new float[batch.size() * session.rowWidth()];
        float[] tokens = new float[batch.totalTokens() * session.tokenWidth()];
        session.run(batch, rows, tokens);
        float[] found = rows.length > 0 ? rows : tokens;
        assertThat(found).hasSameSizeAs(expected);
        float worst = 0;
        for (int i = 0; i < found.length; i++) {
            float d = Math.abs(found[i] - expected[i]);
            worst = d <= worst ? worst : d; // NaN is worst
        }
        return worst;
    }
}
