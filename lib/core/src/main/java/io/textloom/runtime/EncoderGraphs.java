package io.textloom.runtime;

import io.textloom.model.Architecture;
import io.textloom.model.BertSpec;
import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Which graph runs a model folder. */
final class EncoderGraphs {
    private EncoderGraphs() {}

    /**
     * @throws ModelException if the folder's weights do not fit its config.json
     * @throws IllegalArgumentException if the model cannot give what is asked for
     */
    static EncoderGraph of(ModelFolder folder, EncoderRequest request) {
        if (folder.weights().isPresent() && folder.architecture() != Architecture.ONNX) {
            return fused(folder.encoderSpec(), folder.weights().get(), request);
        }
        Path onnx = folder.onnx()
                .orElseThrow(() -> new ModelException("The folder " + folder + " has no weights; expected"
                        + " model.safetensors or onnx/model.onnx"));
        return PlainGraph.build(onnx, folder.encoderSpec(), request);
    }

    static EncoderGraph fused(EncoderSpec spec, Weights weights, EncoderRequest request) {
        GraphBuilder g = new GraphBuilder();
        Trunk trunk = trunk(g, spec, weights, request, linears(g, request));
        List<Integer> layers = request.layersOf(spec.layers());
        List<String> states = trunk.hiddenStates(Collections.max(layers));
        String tokens = layers.size() == 1
                ? states.get(layers.get(0))
                : g.op("Mean", layers.stream().map(states::get).toList());
        appendOutputs(g, request, tokens, spec.hidden(), GraphBuilder.OPSET, trunk::pooler);
        return new EncoderGraph(
                g.toModel(),
                EncoderGraph.Form.FUSED,
                request.pooling().filter(EncoderGraph::takesPooling),
                request.tokenTypes() && spec.typeVocabulary() > 0,
                request.pooling().isPresent() ? spec.hidden() : 0,
                request.tokenVectors() ? spec.hidden() : 0,
                Optional.of(trunk.weightsFolder()));
    }

    /** How the request's precision multiplies. */
    static Linears linears(GraphBuilder g, EncoderRequest request) {
        return new FloatLinears(g);
    }

    static Trunk trunk(GraphBuilder g, EncoderSpec spec, Weights weights, EncoderRequest request, Linears linears) {
        if (spec instanceof BertSpec bert) {
            return new BertTrunk(g, bert, weights, linears, request.tokenTypes());
        }
        throw new IllegalStateException("No trunk for " + spec.getClass().getSimpleName());
    }

    /**
     * Adds the outputs that are asked for.
     *
     * @param tokens value [rows, longest, hidden]
     * @param pooler adds the model's own from these
     */
    static void appendOutputs(
            GraphBuilder g,
            EncoderRequest request,
            String tokens,
            int hidden,
            long opset,
            UnaryOperator<String> pooler) {
        request.pooling().ifPresent(pooling -> {
            String pooled =
                    pooling == Pooling.POOLER ? pooler.apply(tokens) : PoolingNodes.append(g, pooling, tokens, opset);
            output(g, request.normalize() ? PoolingNodes.normalized(g, pooled) : pooled, EncoderGraph.ROWS);
            g.output(EncoderGraph.ROWS, DataType.FLOAT32, "rows", hidden);
        });
        if (request.tokenVectors()) {
            boolean normalize = request.normalize() && request.pooling().isEmpty();
            output(g, normalize ? PoolingNodes.normalized(g, tokens) : tokens, EncoderGraph.TOKENS);
            g.output(EncoderGraph.TOKENS, DataType.FLOAT32, "rows", "longest", hidden);
        }
    }

    private static void output(GraphBuilder g, String value, String name) {
        g.nodeInto("", "Identity", List.of(value), List.of(name));
    }
}
