package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.Safetensors;
import io.textloom.model.Safetensors.FloatTensor;
import io.textloom.model.TinyBert;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderSessionTest {
    private static final double TOLERANCE = 2e-6;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = Pooling.class, mode = EnumSource.Mode.EXCLUDE, names = "POOLER")
    void computesWhatThePaperDefines(Pooling pooling) throws IOException {
        ModelFolder model = ModelFolder.open(TinyBert.write(folder, 1));
        check(model, new ReferenceBert(TinyBert.weights(1), false), pooling, false);
        check(model, new ReferenceBert(TinyBert.weights(1), false), pooling, true);
    }

    @Test
    void takesTheTanhGelu() throws IOException {
        TinyBert.write(folder, 2);
        Files.writeString(folder.resolve("config.json"), TinyBert.config("gelu_new"));
        check(ModelFolder.open(folder), new ReferenceBert(TinyBert.weights(2), true), Pooling.MEAN, true);
    }

    @Test
    void readsOldNamesUnderAPrefix() throws IOException {
        TinyBert.write(folder, 3);
        Map<String, FloatTensor> old = new LinkedHashMap<>();
        TinyBert.weights(3)
                .forEach((name, tensor) -> old.put(
                        "bert."
                                + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                        .replace("LayerNorm.bias", "LayerNorm.beta"),
                        tensor));
        Safetensors.write(folder.resolve("model.safetensors"), old, Map.of());
        check(ModelFolder.open(folder), new ReferenceBert(TinyBert.weights(3), false), Pooling.CLS, true);
    }

    @Test
    void readsShards() throws IOException {
        TinyBert.write(folder, 4);
        Files.delete(folder.resolve("model.safetensors"));
        shard(TinyBert.weights(4), folder);
        check(ModelFolder.open(folder), new ReferenceBert(TinyBert.weights(4), false), Pooling.MEAN, true);
    }

    @Test
    void readsWeightsThroughLinks() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("models--tiny/blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("models--tiny/snapshots/main"));
        TinyBert.write(blobs, 5);
        Files.move(blobs.resolve("model.safetensors"), blobs.resolve("0abc"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/0abc"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/config.json"));
        check(ModelFolder.open(snapshot), new ReferenceBert(TinyBert.weights(5), false), Pooling.MEAN, true);
    }

    @Test
    void wrongShapesAreNamed() throws IOException {
        TinyBert.write(folder, 6);
        Files.writeString(
                folder.resolve("config.json"),
                TinyBert.config("gelu").replace("\"vocab_size\": 50", "\"vocab_size\": 51"));
        assertThatThrownBy(() ->
                        EncoderSession.open(ModelFolder.open(folder), EncoderRequest.pooled(Pooling.MEAN, true), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("embeddings.word_embeddings.weight")
                .hasMessageContaining("[51, 16]");
    }

    @Test
    void rejectsABatchThatNoBufferHolds() throws IOException {
        int[] offsets = new int[840_001];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + (i == 1 ? TinyBert.POSITIONS : 1);
        }
        TokenBatch batch = new TokenBatch(new int[offsets[offsets.length - 1]], offsets);
        EncoderRequest request =
                new EncoderRequest(Optional.empty(), true, false, List.of(-1), false, Precision.FLOAT32);
        ModelFolder model = ModelFolder.open(TinyBert.write(folder, 7));
        try (EncoderSession session = EncoderSession.open(model, request, 1)) {
            float[] tokens = new float[batch.totalTokens() * TinyBert.HIDDEN];
            assertThatThrownBy(() -> session.run(batch, new float[0], tokens))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("lower the tokens");
        }
    }

    @Test
    void rejectsRowsThatTheModelCannotTake() throws IOException {
        try (EncoderSession session = open(7)) {
            float[] out = new float[TinyBert.HIDDEN];
            for (int[] bad : List.of(
                    new int[0], new int[TinyBert.POSITIONS + 1], new int[] {TinyBert.VOCABULARY}, new int[] {-1})) {
                assertThatThrownBy(() -> session.run(TokenBatch.of(List.of(bad)), out))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            session.run(TokenBatch.of(List.of(new int[TinyBert.POSITIONS])), out);
        }
    }

    @Test
    void closeWaitsForRunningCallsAndLaterCallsFail() throws Exception {
        EncoderSession session = open(8);
        AtomicInteger completed = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Future<String>> callers = new ArrayList<>();
        Callable<String> caller = () -> {
            float[] out = new float[8 * TinyBert.HIDDEN];
            TokenBatch batch = TokenBatch.of(rows(8, new Random(1)));
            while (true) {
                try {
                    session.run(batch, out);
                    completed.incrementAndGet();
                } catch (IllegalStateException e) {
                    return e.getMessage();
                }
            }
        };
        for (int i = 0; i < 3; i++) {
            callers.add(pool.submit(caller));
        }
        while (completed.get() < 20) {
            Thread.onSpinWait();
        }
        session.close();
        session.close();
        for (Future<String> f : callers) {
            assertThat(f.get()).contains("closed");
        }
        pool.shutdown();
    }

    private EncoderSession open(long seed) throws IOException {
        return EncoderSession.open(
                ModelFolder.open(TinyBert.write(folder, seed)), EncoderRequest.pooled(Pooling.MEAN, true), 1);
    }

    private static void check(ModelFolder model, ReferenceBert reference, Pooling pooling, boolean normalize) {
        List<int[]> rows = rows(9, new Random(99));
        float[] out = new float[rows.size() * TinyBert.HIDDEN];
        try (EncoderSession session = EncoderSession.open(model, EncoderRequest.pooled(pooling, normalize), 1)) {
            session.run(TokenBatch.of(rows), out);
        }
        for (int row = 0; row < rows.size(); row++) {
            double[] expected = reference.embed(rows.get(row), pooling, normalize);
            for (int d = 0; d < expected.length; d++) {
                assertThat((double) out[row * TinyBert.HIDDEN + d])
                        .isCloseTo(expected[d], within(TOLERANCE * Math.max(1, Math.abs(expected[d]))));
            }
        }
    }

    private static List<int[]> rows(int count, Random random) {
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(random.ints(1 + random.nextInt(TinyBert.POSITIONS), 0, TinyBert.VOCABULARY)
                    .toArray());
        }
        return rows;
    }

    private static void shard(Map<String, FloatTensor> weights, Path folder) throws IOException {
        StringBuilder index = new StringBuilder("{\"weight_map\": {");
        List<Map<String, FloatTensor>> shards =
                List.of(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        int i = 0;
        for (Map.Entry<String, FloatTensor> e : weights.entrySet()) {
            shards.get(i % 3).put(e.getKey(), e.getValue());
            index.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(e.getKey())
                    .append("\": \"shard-")
                    .append(i % 3)
                    .append(".safetensors\"");
            i++;
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), index + "}}");
        for (int s = 0; s < 3; s++) {
            Safetensors.write(folder.resolve("shard-" + s + ".safetensors"), shards.get(s), Map.of());
        }
    }
}
