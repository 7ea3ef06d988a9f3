package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.textloom.model.Activation;
import io.textloom.model.BertSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.model.OnnxWeights;
import io.textloom.model.Safetensors;
import io.textloom.tensor.Pooling;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxImportTest {
    @TempDir
    static Path work;

    private static Path onnx;
    private static ModelFolder minilm;

    @BeforeAll
    static void importMiniLm() throws IOException {
        onnx = work.resolve("minilm.onnx");
        try (InputStream in = OnnxImportTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(in, onnx);
        }
        OnnxImport.store().importTo("all-MiniLM-L6-v2", work.resolve("minilm"));
        minilm = ModelFolder.open(work.resolve("minilm"));
    }

    @Test
    void fusedEqualsPlain() {
        assertThat(OnnxImport.difference(onnx, minilm)).isLessThan(2e-6f);
    }

    @Test
    void namesAreNotUsed() throws IOException {
        Path anonymous = work.resolve("anonymous.onnx");
        Files.write(
                anonymous,
                anonymised(ModelProto.parseFrom(Files.readAllBytes(onnx))).toByteArray());
        Path recovered = copyWithWeights(anonymous, "recovered");
        assertThat(Files.mismatch(recovered, minilm.path().resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void gemmLayersAndSingleNodeNormsAreUnderstood() throws IOException {
        Path rewritten = work.resolve("rewritten.onnx");
        Files.write(
                rewritten,
                RewrittenBert.asGemmAndLayerNormalization(ModelProto.parseFrom(Files.readAllBytes(onnx)))
                        .toByteArray());
        Path recovered = copyWithWeights(rewritten, "recovered-rewritten");
        assertThat(Files.mismatch(recovered, minilm.path().resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void anImportThatComputesSomethingElseIsRefused() throws IOException {
        Path folder = work.resolve("wrong");
        copySmallFiles(folder);
        Map<String, Safetensors.FloatTensor> weights = OnnxWeights.recover(onnx, (BertSpec) minilm.encoderSpec());
        weights.get("encoder.layer.3.output.dense.bias").values()[7] += 0.5f;
        Safetensors.write(folder.resolve("model.safetensors"), weights, Map.of());
        assertThatThrownBy(() -> new OnnxImport().verify(onnx, ModelFolder.open(folder)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("differ");
    }

    @Test
    void aSpecThatDoesNotFitIsRefused() {
        BertSpec deeper =
                new BertSpec(BertSpec.Family.BERT, 384, 7, 12, 1536, 30522, 512, 0, 2, 0, 1e-12f, Activation.GELU);
        assertThatThrownBy(() -> OnnxWeights.recover(onnx, deeper))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("6 attention layers");
    }

    @ParameterizedTest
    @EnumSource(value = Pooling.class, mode = EnumSource.Mode.EXCLUDE, names = "POOLER")
    void anOnnxFileRunsAsItIs(Pooling pooling) {
        TokenBatch batch = TokenBatch.of(List.of(new int[] {101, 7592, 2088, 102}, new int[] {101, 2204, 102}));
        float[] plain = new float[2 * 384];
        float[] fused = new float[2 * 384];
        try (EncoderSession session = EncoderSession.open(
                minilm.encoderSpec(),
                PlainGraph.build(onnx, minilm.encoderSpec(), EncoderRequest.pooled(pooling, true)),
                1)) {
            session.run(batch, plain);
        }
        try (EncoderSession session = EncoderSession.open(minilm, EncoderRequest.pooled(pooling, true), 1)) {
            session.run(batch, fused);
        }
        assertThat(plain).containsExactly(fused, org.assertj.core.data.Offset.offset(2e-6f));
    }

    @Test
    void aFolderWithAnOnnxFileAloneIsImportedWhenItIsLocalised() throws IOException {
        Path folder = work.resolve("onnx-only");
        copySmallFiles(folder);
        Files.createDirectories(folder.resolve("onnx"));
        Files.createLink(folder.resolve("onnx/model.onnx"), onnx);
        ModelStore store = OnnxImport.store();
        ModelFolder local = store.localise(store.resolve(folder.toString(), new Configuration()), new Configuration());
        assertThat(local.weights()).isPresent();
        assertThat(local.sentence()).isEqualTo(minilm.sentence());
        assertThat(OnnxImport.difference(onnx, local)).isLessThan(2e-6f);
    }

    private static Path copyWithWeights(Path from, String name) throws IOException {
        Path file = work.resolve(name + ".safetensors");
        Safetensors.write(file, OnnxWeights.recover(from, (BertSpec) minilm.encoderSpec()), Map.of("format", "pt"));
        return file;
    }

    private static void copySmallFiles(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("1_Pooling"));
        for (String name : Arrays.asList(
                "config.json",
                "modules.json",
                "1_Pooling/config.json",
                "tokenizer.json",
                "sentence_bert_config.json",
                "config_sentence_transformers.json")) {
            Files.copy(minilm.path().resolve(name), folder.resolve(name));
        }
    }

    /** Every initializer becomes w0, w1, … in reverse order, every node loses its name. */
    private static ModelProto anonymised(ModelProto model) {
        GraphProto graph = model.getGraph();
        Map<String, String> names = new HashMap<>();
        for (int i = graph.getInitializerCount() - 1; i >= 0; i--) {
            names.put(graph.getInitializer(i).getName(), "w" + names.size());
        }
        GraphProto.Builder anonymous = graph.toBuilder().clearInitializer().clearNode();
        graph.getInitializerList()
                .forEach(t -> anonymous.addInitializer(t.toBuilder().setName(names.get(t.getName()))));
        for (NodeProto node : graph.getNodeList()) {
            NodeProto.Builder renamed = node.toBuilder().clearName().clearInput();
            node.getInputList().forEach(i -> renamed.addInput(names.getOrDefault(i, i)));
            anonymous.addNode(renamed);
        }
        return model.toBuilder().setGraph(anonymous).build();
    }
}
