package io.textloom.runtime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The same encoder as another exporter writes it: linear layers as Gemm, layer normalisation as one node. */
final class RewrittenBert {
    private RewrittenBert() {}

    static ModelProto asGemmAndLayerNormalization(ModelProto model) {
        GraphProto graph = model.getGraph();
        Map<String, TensorProto> weights = new HashMap<>();
        graph.getInitializerList().forEach(t -> weights.put(t.getName(), t));
        Map<String, NodeProto> producers = new HashMap<>();
        graph.getNodeList().forEach(n -> n.getOutputList().forEach(o -> producers.put(o, n)));
        Set<NodeProto> gone = new HashSet<>();
        GraphProto.Builder rewritten = graph.toBuilder().clearNode();
        for (NodeProto node : graph.getNodeList()) {
            NodeProto replacement = node;
            if (node.getOpType().equals("Add")) {
                int constant = weights.containsKey(node.getInput(0)) ? 0 : 1;
                NodeProto before = producers.get(node.getInput(1 - constant));
                boolean biased = weights.containsKey(node.getInput(constant)) && before != null;
                if (biased && before.getOpType().equals("MatMul")) {
                    gone.add(before);
                    replacement = node(
                            "Gemm",
                            List.of(before.getInput(0), before.getInput(1), node.getInput(constant)),
                            node.getOutput(0));
                } else if (biased && before.getOpType().equals("Mul")) {
                    int scale = weights.containsKey(before.getInput(0)) ? 0 : 1;
                    NodeProto quotient = producers.get(before.getInput(1 - scale));
                    String x = producers.get(quotient.getInput(0)).getInput(0);
                    gone.add(before);
                    gone.add(quotient);
                    replacement = node(
                                    "LayerNormalization",
                                    List.of(x, before.getInput(scale), node.getInput(constant)),
                                    node.getOutput(0))
                            .toBuilder()
                            .addAttribute(AttributeProto.newBuilder()
                                    .setName("axis")
                                    .setType(AttributeProto.AttributeType.INT)
                                    .setI(-1))
                            .build();
                }
            }
            rewritten.addNode(replacement);
        }
        GraphProto.Builder kept = rewritten.clone().clearNode();
        rewritten.getNodeList().stream().filter(n -> !gone.contains(n)).forEach(kept::addNode);
        return model.toBuilder().setGraph(kept).build();
    }

    private static NodeProto node(String type, List<String> inputs, String output) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .addAllInput(inputs)
                .addOutput(output)
                .build();
    }
}
