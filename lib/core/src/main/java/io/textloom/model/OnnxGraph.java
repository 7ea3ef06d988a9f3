package io.textloom.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** An ONNX graph that can be walked in both directions. Names of values serve as identities only; nothing is read from them. */
final class OnnxGraph {
    /** Operators that hand their first input on: the same numbers, perhaps in another shape or place. */
    private static final Set<String> CARRIERS =
            Set.of("Identity", "Cast", "Dropout", "Reshape", "Squeeze", "Unsqueeze", "Flatten");

    private final List<NodeProto> nodes;
    private final Set<String> inputs = new HashSet<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, List<NodeProto>> consumers = new HashMap<>();
    private final Map<String, OnnxConstant> constants = new HashMap<>();

    private OnnxGraph(GraphProto graph, Path folder) {
        nodes = graph.getNodeList();
        for (ValueInfoProto input : graph.getInputList()) {
            inputs.add(input.getName());
        }
        for (TensorProto tensor : graph.getInitializerList()) {
            constants.put(tensor.getName(), new OnnxConstant(tensor, folder, false));
            inputs.remove(tensor.getName());
        }
        for (NodeProto node : nodes) {
            node.getOutputList().forEach(o -> producers.put(o, node));
            node.getInputList()
                    .forEach(i ->
                            consumers.computeIfAbsent(i, k -> new ArrayList<>()).add(node));
            addConstant(node, folder);
        }
    }

    static OnnxGraph read(Path onnx) {
        return new OnnxGraph(OnnxFile.read(onnx).getGraph(), OnnxFile.folder(onnx));
    }

    private void addConstant(NodeProto node, Path folder) {
        String output = node.getOutput(0);
        if (node.getOpType().equals("Constant")) {
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasT()) {
                    constants.put(output, new OnnxConstant(attribute.getT(), folder, false));
                }
            }
            return;
        }
        OnnxConstant source = node.getInputCount() == 0 ? null : constants.get(node.getInput(0));
        if (source != null
                && (node.getOpType().equals("Identity") || node.getOpType().equals("Cast"))) {
            constants.put(output, source);
        } else if (source != null && node.getOpType().equals("Transpose") && source.isMatrix()) {
            constants.put(output, source.transpose());
        }
    }

    List<NodeProto> nodes() {
        return nodes;
    }

    boolean isInput(String value) {
        return inputs.contains(value);
    }

    Optional<OnnxConstant> constant(String value) {
        return Optional.ofNullable(constants.get(value));
    }

    Optional<NodeProto> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** Nodes that compute with a value; those that only look at its shape are left out. */
    List<NodeProto> consumers(String value) {
        return consumers.getOrDefault(value, List.of()).stream()
                .filter(n -> !n.getOpType().equals("Shape"))
                .toList();
    }

    /** The value that carriers made this one from. */
    String origin(String value) {
        String at = value;
        NodeProto node = producers.get(at);
        while (node != null && CARRIERS.contains(node.getOpType())) {
            at = node.getInput(0);
            node = producers.get(at);
        }
        return at;
    }

    /** The nearest node among those that {@code value} is computed from; shapes are not followed. */
    Optional<NodeProto> nearestBefore(String value, Predicate<NodeProto> wanted) {
        Deque<String> queue = new ArrayDeque<>(List.of(value));
        Set<String> seen = new HashSet<>();
        while (!queue.isEmpty()) {
            NodeProto node = producers.get(queue.remove());
            if (node == null || !seen.add(node.getOutput(0)) || node.getOpType().equals("Shape")) {
                continue;
            }
            if (wanted.test(node)) {
                return Optional.of(node);
            }
            queue.addAll(node.getInputList());
        }
        return Optional.empty();
    }

    /** The nearest node among those that are computed from {@code value}. */
    Optional<NodeProto> nearestAfter(String value, Predicate<NodeProto> wanted) {
        Deque<String> queue = new ArrayDeque<>(List.of(value));
        Set<String> seen = new HashSet<>();
        while (!queue.isEmpty()) {
            for (NodeProto node : consumers(queue.remove())) {
                if (seen.add(node.getOutput(0))) {
                    if (wanted.test(node)) {
                        return Optional.of(node);
                    }
                    queue.addAll(node.getOutputList());
                }
            }
        }
        return Optional.empty();
    }

    static Optional<AttributeProto> attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(a -> a.getName().equals(name))
                .findFirst();
    }
}
