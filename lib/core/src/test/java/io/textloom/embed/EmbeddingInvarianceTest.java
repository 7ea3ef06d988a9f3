package io.textloom.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.runtime.EncoderRequest;
import io.textloom.runtime.EncoderSession;
import io.textloom.runtime.OnnxImport;
import io.textloom.tensor.Pooling;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promise that a text's vector does not depend on how the corpus is cut, on all-MiniLM-L6-v2. */
class EmbeddingInvarianceTest {
    private static final float TOLERANCE = 1e-6f;

    @ParameterizedTest
    @EnumSource(value = Pooling.class, mode = EnumSource.Mode.EXCLUDE, names = "POOLER")
    void batchMatesAndPaddingDoNotChangeAVector(Pooling pooling) {
        ModelStore store = OnnxImport.store();
        Configuration hadoop = new Configuration();
        ModelFolder minilm = store.localise(store.resolve("all-MiniLM-L6-v2", hadoop), hadoop);
        Random random = new Random(5);
        List<int[]> rows = new ArrayList<>();
        for (int length : new int[] {3, 4, 5, 7, 8, 13, 16, 17, 31, 33, 64, 65, 100, 127, 128, 129, 200, 255, 256}) {
            rows.add(random.ints(length, 0, 30522).toArray());
        }
        try (EncoderSession session = EncoderSession.open(minilm, EncoderRequest.pooled(pooling, true), 1)) {
            float[][] alone = new float[rows.size()][];
            for (int i = 0; i < rows.size(); i++) {
                alone[i] = run(session, List.of(rows.get(i)))[0];
            }
            for (int round = 0; round < 4; round++) {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < rows.size(); i++) {
                    order.add(i);
                }
                Collections.shuffle(order, random);
                int size = new int[] {rows.size(), 2, 5, 9}[round];
                for (int from = 0; from < order.size(); from += size) {
                    List<Integer> batch = order.subList(from, Math.min(order.size(), from + size));
                    float[][] vectors =
                            run(session, batch.stream().map(rows::get).toList());
                    for (int i = 0; i < batch.size(); i++) {
                        assertThat(difference(alone[batch.get(i)], vectors[i]))
                                .as("row of %d tokens in a batch of %d", rows.get(batch.get(i)).length, batch.size())
                                .isLessThanOrEqualTo(TOLERANCE);
                    }
                }
            }
        }
    }

    private static float[][] run(EncoderSession session, List<int[]> rows) {
        int hidden = session.spec().hidden();
        float[] out = new float[rows.size() * hidden];
        session.run(TokenBatch.of(rows), out);
        float[][] vectors = new float[rows.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = Arrays.copyOfRange(out, i * hidden, (i + 1) * hidden);
        }
        return vectors;
    }

    private static float difference(float[] a, float[] b) {
        float max = 0;
        for (int i = 0; i < a.length; i++) {
            float d = Math.abs(a[i] - b[i]);
            max = d <= max ? max : d;
        }
        return max;
    }
}
