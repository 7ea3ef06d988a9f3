package io.textloom.runtime;

import io.textloom.model.Architecture;
import io.textloom.model.EncoderSpec;
import io.textloom.model.Head;
import io.textloom.model.HeadSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import java.util.List;
import java.util.Optional;

/** A trunk with the head of a fine-tuned model on it. */
final class HeadGraphs {
    private HeadGraphs() {}

    /** @throws ModelException if the folder's weights have no such head */
    static EncoderGraph of(ModelFolder folder, HeadRequest request) {
        if (folder.weights().isEmpty() || folder.architecture() == Architecture.ONNX) {
            throw new ModelException(
                    "The folder " + folder + " has no " + request.head().label()
                            + " that Textloom runs: heads are read from model.safetensors; save the model with"
                            + " save_pretrained, or choose another one");
        }
        Weights weights = folder.weights().get();
        EncoderSpec spec = folder.encoderSpec();
        boolean types = request.pairs() && spec.typeVocabulary() > 1;
        EncoderRequest states =
                new EncoderRequest(Optional.empty(), true, false, List.of(-1), types, request.precision());
        GraphBuilder g = new GraphBuilder();
        Linears linears = EncoderGraphs.linears(g, states);
        Trunk trunk = EncoderGraphs.trunk(g, spec, weights, states, linears);
        String tokens = trunk.hiddenStates(spec.layers()).get(spec.layers());
        HeadNodes nodes = new HeadNodes(g, linears, weights, HeadSpec.of(folder.config()), spec.hidden());

        int rowWidth = 0;
        int tokenWidth = 0;
        Optional<Pooling> pooling = Optional.empty();
        if (request.head() == Head.SEQUENCE) {
            HeadNodes.Logits logits = nodes.sequence(tokens, trunk);
            pooling = logits.pooling().filter(EncoderGraph::takesPooling);
            rowWidth = logits.width();
            output(g, logits.value(), EncoderGraph.ROWS, "rows", rowWidth);
        } else if (request.head() == Head.MASKED_LM) {
            g.input(EncoderGraph.WANTED, DataType.INT32, "wanted");
            HeadNodes.Logits logits = nodes.vocabulary(tokens, EncoderGraph.WANTED, spec.vocabulary());
            tokenWidth = logits.width();
            output(g, logits.value(), EncoderGraph.TOKENS, "wanted", tokenWidth);
            if (request.pairs() && nodes.hasNextSentence()) {
                HeadNodes.Logits next = nodes.nextSentence(trunk.pooler(tokens));
                rowWidth = next.width();
                output(g, next.value(), EncoderGraph.ROWS, "rows", rowWidth);
            }
        } else {
            HeadNodes.Logits logits = request.head() == Head.SPAN ? nodes.spans(tokens) : nodes.tokens(tokens);
            tokenWidth = logits.width();
            String byRow = new TokenShape(g, EncoderGraph.IDS).byRow(logits.value(), tokenWidth);
            g.nodeInto("", "Identity", List.of(byRow), List.of(EncoderGraph.TOKENS));
            g.output(EncoderGraph.TOKENS, DataType.FLOAT32, "rows", "longest", tokenWidth);
        }
        return new EncoderGraph(
                g.toModel(),
                EncoderGraph.Form.FUSED,
                pooling,
                types,
                request.head() == Head.MASKED_LM,
                rowWidth,
                tokenWidth,
                Optional.of(trunk.weightsFolder()));
    }

    private static void output(GraphBuilder g, String value, String name, String rows, int width) {
        g.nodeInto("", "Identity", List.of(value), List.of(name));
        g.output(name, DataType.FLOAT32, rows, width);
    }
}
