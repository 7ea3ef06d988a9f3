package io.textloom.model;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.textloom.model.OnnxBlocks.Linear;
import io.textloom.model.OnnxBlocks.Norm;
import io.textloom.model.Safetensors.FloatTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recovers a BERT encoder's weights, under their Hugging Face names, from a plain ONNX export.
 *
 * <p>Exporters drop or invent names and fold constants, so the weights are found by the flow of data alone: which table the token ids index,
 * which products meet in each softmax, where their result goes. What is found has to fit the {@link BertSpec}; whether it computes the same
 * vectors is for {@link ImportCheck} to prove.
 */
public final class OnnxWeights {
    private static final String IDS = "input_ids";
    private static final int MAX_TABLES = 8;
    private static final int MAX_SUM_DEPTH = 100;
    private static final String NO_FIT = "; the file is no plain BERT export or config.json belongs to another model";

    private final OnnxGraph graph;
    private final OnnxBlocks blocks;
    private final BertSpec spec;
    private final Map<String, FloatTensor> tensors = new LinkedHashMap<>();

    private OnnxWeights(OnnxGraph graph, BertSpec spec) {
        this.graph = graph;
        this.blocks = new OnnxBlocks(graph);
        this.spec = spec;
    }

    /**
     * @param onnx a file with a float input graph, weights inside or beside it
     * @return float32 tensors by Hugging Face name, linear weights as [out, in]
     * @throws ModelException if the graph is not a plain BERT of that shape
     */
    public static Map<String, FloatTensor> recover(Path onnx, BertSpec spec) {
        return new OnnxWeights(OnnxGraph.read(onnx), spec).recover();
    }

    private Map<String, FloatTensor> recover() {
        String hidden = embeddings();
        List<NodeProto> softmaxes = new ArrayList<>(graph.nodes().stream()
                .filter(n -> n.getOpType().equals("Softmax"))
                .toList());
        if (softmaxes.size() != spec.layers()) {
            throw new ModelException("The ONNX graph has " + softmaxes.size() + " attention layers but config.json has "
                    + spec.layers() + NO_FIT);
        }
        for (int layer = 0; layer < spec.layers(); layer++) {
            hidden = layer(layer, hidden, softmaxes);
        }
        return tensors;
    }

    /** Returns the value after the embeddings' layer normalisation. */
    private String embeddings() {
        if (!graph.isInput(IDS)) {
            throw new ModelException("The ONNX graph has no input " + IDS + NO_FIT);
        }
        NodeProto words = graph.nearestAfter(IDS, n -> n.getOpType().equals("Gather") && isTable(n, spec.vocabulary()))
                .orElseThrow(() -> new ModelException(
                        "No table of " + spec.vocabulary() + " x " + spec.hidden() + " is indexed by " + IDS + NO_FIT));
        Norm norm = normAfter(words.getOutput(0), "embeddings");
        put("embeddings.word_embeddings.weight", table(words.getInput(0)), spec.vocabulary(), spec.hidden());
        List<OnnxConstant> others = new ArrayList<>();
        summands(norm.input(), others, 0);
        String position = "embeddings.position_embeddings.weight";
        String type = "embeddings.token_type_embeddings.weight";
        for (OnnxConstant table : others) {
            if (table.shape().size() < 2) {
                throw new ModelException("The embeddings add a table of shape " + table.shape() + NO_FIT);
            }
            long rows = table.shape().get(table.shape().size() - 2);
            if (rows == spec.maxPositions() && !tensors.containsKey(position)) {
                put(position, table, spec.maxPositions(), spec.hidden());
            } else if (rows == spec.typeVocabulary() && !tensors.containsKey(type)) {
                put(type, table, spec.typeVocabulary(), spec.hidden());
            } else if (rows != spec.vocabulary()) {
                throw new ModelException("The embeddings add a table of shape " + table.shape() + NO_FIT);
            }
        }
        if (!tensors.containsKey(position)) {
            throw new ModelException("The embeddings add no table of " + spec.maxPositions() + " positions" + NO_FIT);
        }
        // an export without token types means type 0 throughout, folded into another table or zero
        tensors.computeIfAbsent(
                type,
                k -> new FloatTensor(
                        new float[spec.typeVocabulary() * spec.hidden()],
                        List.of((long) spec.typeVocabulary(), (long) spec.hidden())));
        putNorm("embeddings.LayerNorm", norm);
        return norm.output();
    }

    /** Collects the tables whose rows are summed into {@code value}. */
    private void summands(String value, List<OnnxConstant> tables, int depth) {
        if (depth > MAX_SUM_DEPTH || tables.size() > MAX_TABLES) {
            throw new ModelException("The embeddings add too many tables" + NO_FIT);
        }
        Optional<OnnxConstant> constant = graph.constant(value);
        if (constant.isPresent()) {
            tables.add(constant.get());
            return;
        }
        graph.producer(value).ifPresent(node -> {
            switch (node.getOpType()) {
                case "Add" -> node.getInputList().forEach(i -> summands(i, tables, depth + 1));
                case "Gather", "Slice", "Identity", "Cast", "Dropout", "Unsqueeze", "Reshape", "Expand" ->
                    summands(node.getInput(0), tables, depth + 1);
                default -> throw new ModelException("The embeddings are computed by " + node.getOpType() + NO_FIT);
            }
        });
    }

    /** Returns the value after the layer. */
    private String layer(int index, String hidden, List<NodeProto> softmaxes) {
        String prefix = "encoder.layer." + index + ".";
        for (NodeProto softmax : softmaxes) {
            NodeProto scores = graph.nearestBefore(softmax.getInput(0), blocks::isProduct)
                    .orElseThrow(() -> new ModelException("A softmax has no product of queries and keys" + NO_FIT));
            Linear query = linearBefore(scores.getInput(0), "queries");
            if (!query.input().equals(graph.origin(hidden))) {
                continue;
            }
            Linear key = linearBefore(scores.getInput(1), "keys");
            NodeProto context = graph.nearestAfter(softmax.getOutput(0), blocks::isProduct)
                    .orElseThrow(() -> new ModelException("A softmax is multiplied with no values" + NO_FIT));
            Linear value = linearBefore(context.getInput(1), "values");
            putLinear(prefix + "attention.self.query", query, spec.hidden(), spec.hidden());
            putLinear(prefix + "attention.self.key", key, spec.hidden(), spec.hidden());
            putLinear(prefix + "attention.self.value", value, spec.hidden(), spec.hidden());
            Linear output = linearAfter(context.getOutput(0), "attention output");
            putLinear(prefix + "attention.output.dense", output, spec.hidden(), spec.hidden());
            Norm attended = normAfter(output.output(), "attention of layer " + index);
            putNorm(prefix + "attention.output.LayerNorm", attended);
            Linear up = linearAfter(attended.output(), "feed-forward");
            putLinear(prefix + "intermediate.dense", up, spec.intermediate(), spec.hidden());
            Linear down = linearAfter(up.output(), "feed-forward output");
            putLinear(prefix + "output.dense", down, spec.hidden(), spec.intermediate());
            Norm last = normAfter(down.output(), "feed-forward of layer " + index);
            putNorm(prefix + "output.LayerNorm", last);
            softmaxes.remove(softmax);
            return last.output();
        }
        throw new ModelException("No attention reads the output of layer " + (index - 1) + NO_FIT);
    }

    private Linear linearBefore(String value, String what) {
        return graph.nearestBefore(value, blocks::isLinear)
                .map(blocks::linear)
                .orElseThrow(() -> new ModelException("The " + what + " come from no linear layer" + NO_FIT));
    }

    private Linear linearAfter(String value, String what) {
        return graph.nearestAfter(value, blocks::isLinear)
                .map(blocks::linear)
                .orElseThrow(() -> new ModelException("No linear layer follows as " + what + NO_FIT));
    }

    private Norm normAfter(String value, String what) {
        Optional<Norm> direct = blocks.normOf(value);
        return direct.or(() -> graph.nearestAfter(
                                value, n -> blocks.normOf(n.getOutput(0)).isPresent())
                        .flatMap(n -> blocks.normOf(n.getOutput(0))))
                .orElseThrow(() -> new ModelException("No layer normalisation follows the " + what + NO_FIT));
    }

    private boolean isTable(NodeProto gather, int rows) {
        return graph.constant(gather.getInput(0))
                .filter(OnnxConstant::isMatrix)
                .filter(c -> c.shape().equals(List.of((long) rows, (long) spec.hidden())))
                .isPresent();
    }

    private OnnxConstant table(String value) {
        return graph.constant(value).orElseThrow();
    }

    private void putLinear(String name, Linear linear, int out, int in) {
        if (linear.out() != out || linear.in() != in) {
            throw new ModelException("The weight found for " + name + " has shape [" + linear.out() + ", " + linear.in()
                    + "], expected [" + out + ", " + in + "]" + NO_FIT);
        }
        put(name + ".weight", linear.weight(), out, in);
        float[] bias = linear.bias().map(OnnxConstant::values).orElseGet(() -> new float[out]);
        tensors.put(name + ".bias", new FloatTensor(bias, List.of((long) out)));
    }

    private void putNorm(String name, Norm norm) {
        put(name + ".weight", norm.weight(), spec.hidden());
        put(name + ".bias", norm.bias(), spec.hidden());
    }

    private void put(String name, OnnxConstant constant, long... shape) {
        float[] values = constant.values();
        long expected = 1;
        List<Long> dims = new ArrayList<>();
        for (long d : shape) {
            expected *= d;
            dims.add(d);
        }
        if (values.length != expected) {
            throw new ModelException(
                    "The tensor found for " + name + " has shape " + constant.shape() + ", expected " + dims + NO_FIT);
        }
        tensors.put(name, new FloatTensor(values, dims));
    }
}
