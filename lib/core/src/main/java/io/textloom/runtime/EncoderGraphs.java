package io.textloom.runtime;

import io.textloom.model.Architecture;
import io.textloom.model.BertSpec;
import io.textloom.model.ElmoSpec;
import io.textloom.model.EncoderSpec;
import io.textloom.model.GptSpec;
import io.textloom.model.LlamaSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModernBertSpec;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
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
    static EncoderGraph of(ModelFolder folder, EncoderRequest request, Device device) {
        if (folder.weights().isPresent() && folder.architecture() != Architecture.ONNX) {
            return fused(folder.encoderSpec(), folder.weights().get(), request, device);
        }
        Path onnx = folder.onnx()
                .orElseThrow(() -> new ModelException("The folder " + folder + " has no weights; expected"
                        + " model.safetensors or onnx/model.onnx"));
        OnnxProbe.check(onnx);
        return PlainGraph.build(onnx, folder.encoderSpec(), request);
    }

    static EncoderGraph fused(EncoderSpec spec, Weights weights, EncoderRequest request, Device device) {
        GraphBuilder g = graph(request.precision());
        Trunk trunk = trunk(g, spec, weights, request, linears(g, request.precision()), device);
        List<Integer> layers = request.layersOf(spec.layers());
        List<String> states = trunk.hiddenStates(Collections.max(layers));
        String tokens = layers.size() == 1
                ? states.get(layers.get(0))
                : g.op("Mean", layers.stream().map(states::get).toList());
        appendOutputs(
                g,
                request,
                g.float32(tokens),
                spec.hidden(),
                GraphBuilder.OPSET,
                pooled -> g.float32(trunk.pooler(tokens)));
        return new EncoderGraph(
                g.toModel(),
                EncoderGraph.Form.FUSED,
                request.pooling().filter(EncoderGraph::takesPooling),
                request.tokenTypes() && spec.typeVocabulary() > 0,
                request.pooling().isPresent() ? spec.hidden() : 0,
                request.tokenVectors() ? spec.hidden() : 0,
                Optional.of(trunk.weightsFolder()));
    }

    /** A graph that computes in the floats of a precision. */
    static GraphBuilder graph(Precision precision) {
        return new GraphBuilder(precision == Precision.FLOAT16 ? DataType.FLOAT16 : DataType.FLOAT32);
    }

    /**
     * How a precision multiplies.
     *
     * @throws IllegalArgumentException if encoders do not compute in it
     */
    static Linears linears(GraphBuilder g, Precision precision) {
        return switch (precision) {
            case FLOAT32, FLOAT16 -> new FloatLinears(g);
            case INT8 -> new Int8Linears(g);
            case INT4 ->
                throw new IllegalArgumentException(
                        "The precision is int4, which only generation computes in; choose float32, int8 or float16");
        };
    }

    static Trunk trunk(
            GraphBuilder g, EncoderSpec spec, Weights weights, EncoderRequest request, Linears linears, Device device) {
        if (spec instanceof BertSpec bert) {
            return new BertTrunk(g, bert, weights, linears, request.tokenTypes(), device);
        }
        if (spec instanceof ModernBertSpec modern) {
            return new ModernBertTrunk(g, modern, weights, linears, device);
        }
        if (spec instanceof GptSpec gpt) {
            return new GptTrunk(g, gpt, weights, linears, device);
        }
        if (spec instanceof ElmoSpec elmo) {
            if (request.precision() != Precision.FLOAT32) {
                throw new IllegalArgumentException("embed.precision is " + request.precision()
                        + " but the model's layers are LSTMs, which compute in float32 alone; expected float32");
            }
            return new ElmoTrunk(g, elmo, weights);
        }
        if (spec instanceof LlamaSpec llama) {
            return new LlamaTrunk(g, llama, weights, linears, device);
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
