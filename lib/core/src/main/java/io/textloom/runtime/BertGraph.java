package io.textloom.runtime;

import io.textloom.model.BertSpec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A BERT encoder, pooling included, in ONNX Runtime's fused operators, on weights that stay in their safetensors file.
 *
 * <p>Token types are all 0, so row 0 of their table is added to the position table once, when the session opens. Hugging Face stores linear
 * weights as [out, in]. Source: Devlin et al. 2019; operators: ONNX Runtime contrib operators, domain com.microsoft, version 1.
 */
final class BertGraph {
    private final GraphBuilder g = new GraphBuilder();
    private final BertSpec spec;
    private final Weights weights;

    private BertGraph(BertSpec spec, Weights weights) {
        this.spec = spec;
        this.weights = weights;
    }

    /**
     * @param normalize whether vectors are scaled to length 1 inside the graph
     * @throws io.textloom.model.ModelException if a weight is missing or of another shape
     */
    static EncoderGraph build(BertSpec spec, Weights weights, Pooling pooling, boolean normalize) {
        Weights trunk = weights.underPrefix("embeddings.word_embeddings.weight", "", "bert.");
        Path folder = trunk.get("embeddings.word_embeddings.weight")
                .file()
                .toAbsolutePath()
                .getParent();
        byte[] model = new BertGraph(spec, trunk).build(pooling, normalize);
        return new EncoderGraph(model, EncoderGraph.Form.FUSED, pooling, Optional.ofNullable(folder));
    }

    private byte[] build(Pooling pooling, boolean normalize) {
        g.input(EncoderGraph.IDS, DataType.INT32, "rows", "longest");
        g.input(EncoderGraph.LENGTHS, DataType.INT32, "rows");
        String hidden = embeddings();
        for (int layer = 0; layer < spec.layers(); layer++) {
            hidden = layer("encoder.layer." + layer + ".", hidden);
        }
        PoolingNodes.append(g, pooling, normalize, hidden, spec.hidden(), GraphBuilder.OPSET);
        return g.toModel();
    }

    private String embeddings() {
        String types = matrix("embeddings.token_type_embeddings.weight", spec.typeVocabulary(), spec.hidden());
        String row = g.op(
                "Slice",
                List.of(
                        types,
                        g.constant("zero", new long[] {0}, 1),
                        g.constant("one", new long[] {1}, 1),
                        g.constant("axis0", new long[] {0}, 1)));
        String positions = g.op(
                "Add",
                List.of(matrix("embeddings.position_embeddings.weight", spec.maxPositions(), spec.hidden()), row));
        return g.node(
                        GraphBuilder.CONTRIB,
                        "EmbedLayerNormalization",
                        List.of(
                                EncoderGraph.IDS,
                                "",
                                matrix("embeddings.word_embeddings.weight", spec.vocabulary(), spec.hidden()),
                                positions,
                                "",
                                norm("embeddings.LayerNorm", "weight"),
                                norm("embeddings.LayerNorm", "bias")),
                        2,
                        epsilon())
                .get(0);
    }

    private String layer(String prefix, String hidden) {
        int h = spec.hidden();
        String self = prefix + "attention.self.";
        String output = prefix + "attention.output.";
        String context = attention(self, hidden);
        String attended = addAndNorm(linear(output + "dense", context, h, h), hidden, output);
        String up = linear(prefix + "intermediate.dense", attended, spec.intermediate(), h);
        String active = g.contrib(
                spec.activation() == BertSpec.Activation.GELU ? "BiasGelu" : "FastGelu",
                List.of(up, vector(prefix + "intermediate.dense.bias", spec.intermediate())));
        return addAndNorm(
                linear(prefix + "output.dense", active, h, spec.intermediate()), attended, prefix + "output.");
    }

    static String variant = System.getProperty("bert.variant", "attention");

    private String attention(String self, String hidden) {
        int h = spec.hidden();
        String bias = g.op(
                "Concat",
                List.of(vector(self + "query.bias", h), vector(self + "key.bias", h), vector(self + "value.bias", h)),
                Attribute.of("axis", 0L));
        if (variant.startsWith("mha3")) {
            return g.contrib(
                    "MultiHeadAttention",
                    List.of(
                            linear(self + "query", hidden, h, h),
                            linear(self + "key", hidden, h, h),
                            linear(self + "value", hidden, h, h),
                            bias,
                            EncoderGraph.LENGTHS),
                    Attribute.of("num_heads", (long) spec.heads()));
        }
        String merged = g.op(
                "Concat",
                List.of(
                        matrix(self + "query.weight", h, h),
                        matrix(self + "key.weight", h, h),
                        matrix(self + "value.weight", h, h)),
                Attribute.of("axis", 0L));
        if (variant.equals("mha1")) {
            String y = g.contrib("FusedMatMul", List.of(hidden, merged), Attribute.of("transB", 1L));
            List<String> parts = g.node(
                    "",
                    "Split",
                    List.of(y, g.constant("thirds", new long[] {h, h, h}, 3)),
                    3,
                    Attribute.of("axis", -1L));
            return g.contrib(
                    "MultiHeadAttention",
                    List.of(parts.get(0), parts.get(1), parts.get(2), bias, EncoderGraph.LENGTHS),
                    Attribute.of("num_heads", (long) spec.heads()));
        }
        return g.contrib(
                "Attention",
                List.of(
                        hidden,
                        g.op("Transpose", List.of(merged), Attribute.of("perm", List.of(1L, 0L))),
                        bias,
                        EncoderGraph.LENGTHS),
                Attribute.of("num_heads", (long) spec.heads()));
    }

    /** A linear layer without its bias, which the next operator adds. */
    private String linear(String name, String input, int out, int in) {
        String weight = matrix(name + ".weight", out, in);
        if (variant.endsWith("T")) {
            return g.op(
                    "MatMul",
                    List.of(input, g.op("Transpose", List.of(weight), Attribute.of("perm", List.of(1L, 0L)))));
        }
        return g.contrib("FusedMatMul", List.of(input, weight), Attribute.of("transB", 1L));
    }

    private String addAndNorm(String value, String residual, String prefix) {
        return g.contrib(
                "SkipLayerNormalization",
                List.of(
                        value,
                        residual,
                        norm(prefix + "LayerNorm", "weight"),
                        norm(prefix + "LayerNorm", "bias"),
                        vector(prefix + "dense.bias", spec.hidden())),
                epsilon());
    }

    private Attribute epsilon() {
        return Attribute.of("epsilon", spec.layerNormEps());
    }

    /** Old checkpoints call the two tensors of a layer normalisation gamma and beta. */
    private String norm(String name, String part) {
        String old = name + (part.equals("weight") ? ".gamma" : ".beta");
        TensorInfo tensor = weights.find(name + "." + part)
                .or(() -> weights.find(old))
                .orElseGet(() -> weights.get(name + "." + part));
        return g.weight(tensor.requireShape(spec.hidden()));
    }

    private String matrix(String name, int rows, int columns) {
        return g.weight(weights.get(name).requireShape(rows, columns));
    }

    private String vector(String name, int length) {
        return g.weight(weights.get(name).requireShape(length));
    }
}
