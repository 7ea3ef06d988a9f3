package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Computing in less than float32: near it, and no less independent of batch mates. */
class PrecisionTest {
    @ParameterizedTest
    @ValueSource(strings = {"all-MiniLM-L6-v2", "bge-small-zh-v1.5"})
    void int8StaysNearFloat32(String name) {
        ModelFolder model = builtin(name);
        TokenBatch batch = TokenBatch.of(rows());
        float[] exact = run(model, Precision.FLOAT32, batch);
        float[] coarse = run(model, Precision.INT8, batch);
        int hidden = model.encoderSpec().hidden();
        for (int row = 0; row < batch.size(); row++) {
            assertThat(cosine(exact, coarse, row, hidden)).isGreaterThan(0.98);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "INT8"})
    void batchMatesDoNotChangeAVector(Precision precision) {
        ModelFolder model = builtin("all-MiniLM-L6-v2");
        List<int[]> rows = rows();
        int hidden = model.encoderSpec().hidden();
        float[] together = run(model, precision, TokenBatch.of(rows));
        for (int row = 0; row < rows.size(); row++) {
            float[] alone = run(model, precision, TokenBatch.of(List.of(rows.get(row))));
            for (int d = 0; d < hidden; d++) {
                assertThat(Math.abs(alone[d] - together[row * hidden + d])).isLessThanOrEqualTo(1e-6f);
            }
        }
    }

    /** The CPU computes float16 graphs through casts: slow, but the same graph as a card's but for the attention. */
    @ParameterizedTest
    @ValueSource(
            strings = {"bert", "roberta", "distilbert", "mpnet", "modernbert", "gpt2", "llama", "mistral", "qwen3"})
    void float16StaysNearFloat32(String name) {
        GoldenModel golden = GoldenModel.read(name);
        ModelFolder model = ModelFolder.open(golden.folder());
        float[] exact = run(model, Precision.FLOAT32, golden.batch());
        for (Device device : List.of(Device.CPU, Device.cudaOnCpu(0))) {
            float[] half = run(model, Precision.FLOAT16, device, golden.batch());
            int hidden = model.encoderSpec().hidden();
            for (int row = 0; row < golden.batch().size(); row++) {
                assertThat(cosine(exact, half, row, hidden)).as(name).isGreaterThan(0.999);
            }
        }
    }

    @Test
    void aPackedModelGivesTheSameVectors() {
        ModelFolder model = builtin("all-MiniLM-L6-v2");
        TokenBatch batch = TokenBatch.of(rows());
        // the second session maps what the first wrote, or what an earlier run did
        assertThat(run(model, Precision.INT8, batch)).isEqualTo(run(model, Precision.INT8, batch));
    }

    /** The graph of a card, with its own attention operator, in float32. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "mpnet", "modernbert", "gpt-neo", "llama", "mistral", "qwen3"})
    void theCardsGraphGivesTheSameVectors(String name) {
        GoldenModel golden = GoldenModel.read(name);
        ModelFolder model = ModelFolder.open(golden.folder());
        assertThat(run(model, Precision.FLOAT32, Device.cudaOnCpu(0), golden.batch()))
                .containsExactly(
                        run(model, Precision.FLOAT32, golden.batch()), org.assertj.core.data.Offset.offset(1e-5f));
    }

    private static ModelFolder builtin(String name) {
        ModelStore store = OnnxImport.store();
        Configuration hadoop = new Configuration();
        return store.localise(store.resolve(name, hadoop), hadoop);
    }

    private static List<int[]> rows() {
        Random random = new Random(8);
        List<int[]> rows = new ArrayList<>();
        for (int length : new int[] {3, 7, 16, 33, 64, 100}) {
            rows.add(random.ints(length, 1000, 20_000).toArray());
        }
        return rows;
    }

    private static float[] run(ModelFolder model, Precision precision, TokenBatch batch) {
        return run(model, precision, Device.CPU, batch);
    }

    private static float[] run(ModelFolder model, Precision precision, Device device, TokenBatch batch) {
        EncoderRequest request =
                new EncoderRequest(Optional.of(Pooling.MEAN), false, true, List.of(-1), false, precision);
        float[] out = new float[batch.size() * model.encoderSpec().hidden()];
        try (EncoderSession session = EncoderSession.open(model, request, device, 1)) {
            session.run(batch, out);
        }
        return out;
    }

    private static double cosine(float[] a, float[] b, int row, int hidden) {
        double sum = 0;
        for (int d = row * hidden; d < (row + 1) * hidden; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }
}
