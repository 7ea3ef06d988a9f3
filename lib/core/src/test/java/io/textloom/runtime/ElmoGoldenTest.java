package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.model.ModelFolder;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two stacks of LSTMs beside PyTorch's; see elmo_goldens.py. */
class ElmoGoldenTest {
    private static final float TOLERANCE = 1e-5f;
    private static final float INVARIANCE = 1e-6f;

    private final GoldenModel golden = GoldenModel.elmo();
    private final ModelFolder folder = ModelFolder.open(golden.folder());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void everyLayerAndTheMixEqualPyTorchs(int layer) {
        assertThat(tokens(layer, golden.batch())).containsExactly(golden.floats("hidden." + layer), within(TOLERANCE));
    }

    @Test
    void theLastLayerIsTheMix() {
        assertThat(tokens(-1, golden.batch())).isEqualTo(tokens(3, golden.batch()));
        assertThat(tokens(-2, golden.batch())).isEqualTo(tokens(2, golden.batch()));
    }

    @Test
    void batchMatesAndPaddingChangeNothing() {
        float[] together = tokens(-1, golden.batch());
        for (int row = 0; row < golden.batch().size(); row++) {
            assertThat(tokens(-1, golden.row(row)))
                    .as("row " + row)
                    .containsExactly(golden.ofRow(together, row, true), within(INVARIANCE));
        }
    }

    @Test
    void meansAreOfTheRowsOwnTokens() {
        float[] vectors = golden.floats("hidden.3");
        TokenBatch batch = golden.batch();
        float[] rows = new float[batch.size() * folder.encoderSpec().hidden()];
        try (Encoder encoder = Encoder.open(folder, EncoderRequest.pooled(Pooling.MEAN, false), Device.CPU, 1)) {
            encoder.run(batch, rows, new float[0]);
        }
        int width = folder.encoderSpec().hidden();
        for (int row = 0; row < batch.size(); row++) {
            for (int i = 0; i < width; i++) {
                float sum = 0;
                for (int token = batch.offset(row); token < batch.offset(row) + batch.length(row); token++) {
                    sum += vectors[token * width + i];
                }
                assertThat(rows[row * width + i]).isCloseTo(sum / batch.length(row), within(TOLERANCE));
            }
        }
    }

    @Test
    void otherPrecisionsAreRefused() {
        EncoderRequest request =
                new EncoderRequest(Optional.of(Pooling.MEAN), false, false, List.of(-1), false, Precision.INT8);
        assertThatThrownBy(() -> Encoder.open(folder, request, Device.CPU, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected float32");
    }

    private float[] tokens(int layer, TokenBatch batch) {
        EncoderRequest request =
                new EncoderRequest(Optional.empty(), true, false, List.of(layer), false, Precision.FLOAT32);
        try (Encoder encoder = Encoder.open(folder, request, Device.CPU, 1)) {
            float[] tokens = new float[batch.totalTokens() * encoder.tokenWidth()];
            encoder.run(batch, new float[0], tokens);
            return tokens;
        }
    }
}
