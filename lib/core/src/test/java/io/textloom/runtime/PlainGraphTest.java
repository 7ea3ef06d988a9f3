package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.Architecture;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * ONNX files of an architecture that has no graph here. Theirs is simple: a token's vector is {@code [id, type, position, sum of the ids that the mask
 * lets through]}, for all inputs that the file has.
 */
class PlainGraphTest {
    private static final int HIDDEN = 4;
    private static final TokenBatch BATCH =
            new TokenBatch(new int[] {5, 7, 1, 9, 2, 4}, new int[] {0, 3, 4, 6}, new int[] {0, 1, 1, 0, 0, 1});

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void runsWithWhateverInputsTheFileHas(boolean types, boolean positions) throws IOException {
        ModelFolder model = write(types, positions, "onnx/model.onnx");
        assertThat(model.architecture()).isEqualTo(Architecture.ONNX);
        EncoderRequest tokens =
                new EncoderRequest(Optional.empty(), true, false, List.of(-1), types, Precision.FLOAT32);
        try (EncoderSession session = EncoderSession.open(model, tokens, 1)) {
            float[] found = new float[BATCH.totalTokens() * HIDDEN];
            session.run(BATCH, new float[0], found);
            assertThat(found).containsExactly(expected(types, positions));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Pooling.class, mode = EnumSource.Mode.EXCLUDE, names = "POOLER")
    void poolsItsTokenVectors(Pooling pooling) throws IOException {
        float[] tokens = expected(false, true);
        try (EncoderSession session =
                EncoderSession.open(write(false, true, "model.onnx"), EncoderRequest.pooled(pooling, false), 1)) {
            float[] found = new float[BATCH.size() * HIDDEN];
            session.run(BATCH, found);
            for (int row = 0; row < BATCH.size(); row++) {
                for (int d = 0; d < HIDDEN; d++) {
                    assertThat(found[row * HIDDEN + d])
                            .isCloseTo(pooled(pooling, tokens, row, d), org.assertj.core.data.Offset.offset(1e-5f));
                }
            }
        }
    }

    @Test
    void whatTheFileDoesNotGiveIsRefused() throws IOException {
        ModelFolder model = write(false, false, "onnx/model.onnx");
        assertThatThrownBy(() -> EncoderSession.open(model, EncoderRequest.pooled(Pooling.POOLER, false), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pooler");
        EncoderRequest first = new EncoderRequest(Optional.empty(), true, false, List.of(0), false, Precision.FLOAT32);
        assertThatThrownBy(() -> EncoderSession.open(model, first, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("last layer alone");
    }

    @Test
    void aFileWithOtherInputsIsRefused() throws IOException {
        ModelFolder model = write(false, false, "onnx/model.onnx");
        GraphBuilder g = new GraphBuilder();
        g.input("pixel_values", DataType.FLOAT32, "rows", 3);
        g.nodeInto("", "Identity", List.of("pixel_values"), List.of("out"));
        g.output("out", DataType.FLOAT32, "rows", 3);
        Files.write(folder.resolve("onnx/model.onnx"), g.toModel());
        assertThatThrownBy(() -> EncoderSession.open(model, EncoderRequest.pooled(Pooling.MEAN, false), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("pixel_values")
                .hasMessageContaining("attention_mask");
    }

    private ModelFolder write(boolean types, boolean positions, String file) throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "funnel", "d_model": 4, "num_layers": 1, "vocab_size": 10, "max_position_embeddings": 8}""");
        GraphBuilder g = new GraphBuilder();
        String ids = input(g, EncoderGraph.IDS);
        String mask = input(g, EncoderGraph.MASK);
        String seen = g.op("Mul", List.of(ids, mask));
        String sum = g.op("ReduceSum", List.of(seen, g.constant("axis", new long[] {1}, 1)));
        String everywhere = g.op("Expand", List.of(sum, g.op("Shape", List.of(ids))));
        String nothing = g.op("Sub", List.of(ids, ids));
        List<String> features = List.of(
                ids,
                types ? input(g, EncoderGraph.TYPES) : nothing,
                positions ? input(g, EncoderGraph.POSITIONS) : nothing,
                everywhere);
        String last = g.constant("last", new long[] {2}, 1);
        List<String> columns = features.stream()
                .map(feature -> g.op("Unsqueeze", List.of(feature, last)))
                .toList();
        g.nodeInto("", "Concat", columns, List.of("last_hidden_state"), Attribute.of("axis", 2L));
        g.output("last_hidden_state", DataType.FLOAT32, "rows", "tokens", HIDDEN);
        Path onnx = folder.resolve(file);
        Files.createDirectories(onnx.getParent());
        Files.write(onnx, g.toModel());
        return ModelFolder.open(folder);
    }

    private static String input(GraphBuilder g, String name) {
        g.input(name, DataType.INT64, "rows", "tokens");
        return g.op("Cast", List.of(name), Attribute.of("to", DataType.FLOAT32.onnxCode()));
    }

    private static float[] expected(boolean types, boolean positions) {
        float[] expected = new float[BATCH.totalTokens() * HIDDEN];
        for (int row = 0; row < BATCH.size(); row++) {
            float sum = 0;
            for (int i = 0; i < BATCH.length(row); i++) {
                sum += BATCH.ids()[BATCH.offset(row) + i];
            }
            for (int i = 0; i < BATCH.length(row); i++) {
                int token = BATCH.offset(row) + i;
                expected[token * HIDDEN] = BATCH.ids()[token];
                expected[token * HIDDEN + 1] = types ? BATCH.types()[token] : 0;
                expected[token * HIDDEN + 2] = positions ? i : 0;
                expected[token * HIDDEN + 3] = sum;
            }
        }
        return expected;
    }

    private static float pooled(Pooling pooling, float[] tokens, int row, int dimension) {
        int length = BATCH.length(row);
        float pooled = pooling == Pooling.MAX ? -Float.MAX_VALUE : 0;
        for (int i = 0; i < length; i++) {
            float value = tokens[(BATCH.offset(row) + i) * HIDDEN + dimension];
            pooled = switch (pooling) {
                case MAX -> Math.max(pooled, value);
                case CLS -> i == 0 ? value : pooled;
                default -> pooled + value * pooling.weight(i, length);
            };
        }
        return pooled;
    }
}
