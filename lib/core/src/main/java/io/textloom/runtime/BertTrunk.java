package io.textloom.runtime;

import io.textloom.model.BertSpec;
import io.textloom.model.ModelException;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * BERT and its kin (RoBERTa, XLM-R, DistilBERT, MPNet) in ONNX Runtime's fused operators, on weights that stay in their safetensors file.
 *
 * <p>Without token types all are 0, and row 0 of their table is added to the position table once, when the session opens. Hugging Face stores
 * linear weights as [out, in]. Sources: see {@link BertSpec.Family}; operators: ONNX Runtime contrib operators, domain com.microsoft, version 1.
 */
final class BertTrunk implements Trunk {
    private final GraphBuilder g;
    private final BertSpec spec;
    private final Weights weights;
    private final BertNames names;
    private final Linears linears;
    private final boolean tokenTypes;
    private final TokenShape shape;
    private final AttentionOperator attention;
    /** Added to the attention scores, [1, heads, longest, longest]; empty for none. */
    private String attentionBias = "";

    /**
     * @param tokenTypes whether the graph takes token types
     * @param device its provider decides which attention operator there is
     * @throws ModelException if the weights are another model's
     */
    BertTrunk(GraphBuilder g, BertSpec spec, Weights weights, Linears linears, boolean tokenTypes, Device device) {
        this.g = g;
        this.spec = spec;
        this.names = BertNames.of(spec.family());
        this.weights = weights.underPrefix(BertNames.WORDS, "", names.prefix());
        this.linears = linears;
        this.tokenTypes = tokenTypes && spec.typeVocabulary() > 0;
        this.shape = new TokenShape(g, EncoderGraph.IDS);
        this.attention = new AttentionOperator(g, shape, device);
    }

    @Override
    public List<String> hiddenStates(int layers) {
        List<String> states = new ArrayList<>();
        states.add(embeddings());
        if (spec.relativeBuckets() > 0) {
            TensorInfo table = weights.get(BertNames.RELATIVE_BIAS).requireShape(spec.relativeBuckets(), spec.heads());
            attentionBias = new RelativeBias(g, spec.maxPositions()).append(table, spec.relativeBuckets());
        }
        for (int layer = 0; layer < layers; layer++) {
            states.add(layer(names.layer(layer), states.get(layer)));
        }
        return states.stream().map(flat -> shape.byRow(flat, spec.hidden())).toList();
    }

    @Override
    public String pooler(String tokens) {
        if (weights.find(BertNames.POOLER + ".weight").isEmpty()) {
            throw new ModelException("The model has no tensor " + BertNames.POOLER
                    + ".weight, so no pooler; set embed.pooling to another pooling, such as mean or cls");
        }
        String first = PoolingNodes.first(g, tokens);
        TensorInfo weight = matrix(BertNames.POOLER, spec.hidden(), spec.hidden());
        return g.op("Tanh", List.of(linears.linear(first, weight, bias(BertNames.POOLER, spec.hidden()))));
    }

    @Override
    public Path weightsFolder() {
        return weights.folder();
    }

    private String embeddings() {
        g.input(EncoderGraph.IDS, DataType.INT32, "rows", "longest");
        g.input(EncoderGraph.LENGTHS, DataType.INT32, "rows");
        if (tokenTypes) {
            g.input(EncoderGraph.TYPES, DataType.INT32, "rows", "longest");
        }
        String words = g.weight(weights.get(BertNames.WORDS).requireShape(spec.vocabulary(), spec.hidden()));
        String embedded = g.node(
                        GraphBuilder.CONTRIB,
                        "EmbedLayerNormalization",
                        List.of(
                                EncoderGraph.IDS,
                                tokenTypes ? EncoderGraph.TYPES : "",
                                words,
                                positions(),
                                tokenTypes ? types() : "",
                                norm(BertNames.EMBEDDING_NORM, "weight"),
                                norm(BertNames.EMBEDDING_NORM, "bias")),
                        2,
                        epsilon())
                .get(0);
        return shape.flat(embedded, spec.hidden());
    }

    /** The rows of the position table that tokens take, with type 0's vector added where it is every token's. */
    private String positions() {
        int rows = spec.positionOffset() + spec.maxPositions();
        String table = g.weight(weights.get(BertNames.POSITIONS).requireShape(rows, spec.hidden()));
        if (spec.positionOffset() > 0) {
            table = rows(table, spec.positionOffset(), rows);
        }
        return tokenTypes || spec.typeVocabulary() == 0 ? table : g.op("Add", List.of(table, rows(types(), 0, 1)));
    }

    private String types() {
        return g.weight(weights.get(BertNames.TYPES).requireShape(spec.typeVocabulary(), spec.hidden()));
    }

    private String rows(String table, int from, int to) {
        return g.op(
                "Slice",
                List.of(
                        table,
                        g.constant("row" + from, new long[] {from}, 1),
                        g.constant("row" + to, new long[] {to}, 1),
                        g.constant("axis0", new long[] {0}, 1)));
    }

    /** Biases of layers that a normalisation follows are added there. */
    private String layer(String layer, String hidden) {
        int h = spec.hidden();
        String context = attention(layer, hidden);
        String projected = linears.linear(context, matrix(layer + names.attentionOutput(), h, h), "");
        String attended = addAndNorm(projected, hidden, layer + names.attentionNorm(), layer + names.attentionOutput());
        String up = linears.linear(
                attended,
                matrix(layer + names.up(), spec.intermediate(), h),
                bias(layer + names.up(), spec.intermediate()));
        String active = ActivationNodes.append(g, spec.activation(), up);
        String down = linears.linear(active, matrix(layer + names.down(), h, spec.intermediate()), "");
        return addAndNorm(down, attended, layer + names.outputNorm(), layer + names.down());
    }

    /**
     * Three products and one attention take as long as one product of merged weights, and need no second copy of the weights. A bias of the keys adds
     * the same to all scores of a query, so the softmax does not see it.
     */
    private String attention(String layer, String hidden) {
        int h = spec.hidden();
        String query = linears.linear(hidden, matrix(layer + names.query(), h, h), bias(layer + names.query(), h));
        String key = linears.linear(hidden, matrix(layer + names.key(), h, h), "");
        String value = linears.linear(hidden, matrix(layer + names.value(), h, h), bias(layer + names.value(), h));
        return attention.append(spec.attention(), query, key, value, attentionBias);
    }

    private String addAndNorm(String value, String residual, String norm, String linear) {
        return g.contrib(
                "SkipLayerNormalization",
                List.of(value, residual, norm(norm, "weight"), norm(norm, "bias"), bias(linear, spec.hidden())),
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

    private TensorInfo matrix(String linear, int out, int in) {
        return weights.get(linear + ".weight").requireShape(out, in);
    }

    private String bias(String linear, int length) {
        return g.weight(weights.get(linear + ".bias").requireShape(length));
    }
}
