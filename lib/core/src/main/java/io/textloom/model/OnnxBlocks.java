package io.textloom.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The building blocks of a transformer, found in an ONNX graph by what they compute. */
final class OnnxBlocks {
    private final OnnxGraph graph;
    private final Map<String, Norm> normsByInput = new HashMap<>();

    /**
     * A layer normalisation.
     *
     * @param input the value that is normalised
     */
    record Norm(String input, String output, OnnxConstant weight, OnnxConstant bias) {}

    /**
     * A linear layer.
     *
     * @param weight shape [out, in], as Hugging Face stores it
     * @param bias empty if there is none
     * @param output the value after the bias
     */
    record Linear(String input, String output, OnnxConstant weight, Optional<OnnxConstant> bias) {
        long out() {
            return weight.shape().get(0);
        }

        long in() {
            return weight.shape().get(1);
        }
    }

    OnnxBlocks(OnnxGraph graph) {
        this.graph = graph;
        for (NodeProto node : graph.nodes()) {
            norm(node).ifPresent(n -> normsByInput.put(n.input(), n));
        }
    }

    /** The layer normalisation that has {@code value} as its input. */
    Optional<Norm> normOf(String value) {
        return Optional.ofNullable(normsByInput.get(value));
    }

    boolean isLinear(NodeProto node) {
        String type = node.getOpType();
        return (type.equals("MatMul") || type.equals("Gemm"))
                && graph.constant(node.getInput(1))
                        .filter(OnnxConstant::isMatrix)
                        .isPresent();
    }

    /** A product of two computed matrices, such as queries with keys. */
    boolean isProduct(NodeProto node) {
        return node.getOpType().equals("MatMul")
                && graph.constant(node.getInput(0)).isEmpty()
                && graph.constant(node.getInput(1)).isEmpty();
    }

    /** @param node one for which {@link #isLinear} holds */
    Linear linear(NodeProto node) {
        OnnxConstant stored = graph.constant(node.getInput(1)).orElseThrow();
        String output = node.getOutput(0);
        String input = graph.origin(node.getInput(0));
        if (node.getOpType().equals("Gemm")) {
            boolean outFirst = OnnxGraph.attribute(node, "transB")
                    .map(AttributeProto::getI)
                    .filter(i -> i != 0)
                    .isPresent();
            OnnxConstant weight = outFirst ? stored : stored.transpose();
            Optional<OnnxConstant> bias =
                    node.getInputCount() > 2 ? graph.constant(node.getInput(2)) : Optional.empty();
            return bias.isPresent() ? new Linear(input, output, weight, bias) : withAddedBias(input, output, weight);
        }
        return withAddedBias(input, output, stored.transpose());
    }

    private Linear withAddedBias(String input, String output, OnnxConstant weight) {
        long out = weight.shape().get(0);
        List<NodeProto> users = graph.consumers(output);
        while (users.size() == 1 && graph.origin(users.get(0).getOutput(0)).equals(output)) {
            users = graph.consumers(users.get(0).getOutput(0));
        }
        if (users.size() == 1 && users.get(0).getOpType().equals("Add")) {
            for (String operand : users.get(0).getInputList()) {
                Optional<OnnxConstant> bias = graph.constant(operand).filter(c -> c.isVector(out));
                if (bias.isPresent()) {
                    return new Linear(input, users.get(0).getOutput(0), weight, bias);
                }
            }
        }
        return new Linear(input, output, weight, Optional.empty());
    }

    private Optional<Norm> norm(NodeProto node) {
        if (node.getOpType().equals("LayerNormalization") && node.getInputCount() > 2) {
            return graph.constant(node.getInput(1))
                    .flatMap(w -> graph.constant(node.getInput(2))
                            .map(b -> new Norm(node.getInput(0), node.getOutput(0), w, b)));
        }
        return node.getOpType().equals("Add") ? decomposedNorm(node) : Optional.empty();
    }

    /** (x - mean(x)) / sqrt(var(x) + eps) * weight + bias, written out. */
    private Optional<Norm> decomposedNorm(NodeProto add) {
        Optional<Operand> shifted = constantAndOther(add);
        Optional<Operand> scaled = shifted.flatMap(o -> graph.producer(o.other()))
                .filter(n -> n.getOpType().equals("Mul"))
                .flatMap(this::constantAndOther);
        if (shifted.isEmpty() || scaled.isEmpty()) {
            return Optional.empty();
        }
        OnnxConstant bias = shifted.get().constant();
        OnnxConstant weight = scaled.get().constant();
        return graph.producer(scaled.get().other())
                .filter(n -> n.getOpType().equals("Div") || n.getOpType().equals("Mul"))
                .flatMap(quotient -> centred(quotient.getInputList()))
                .filter(x -> weight.shape().equals(bias.shape()))
                .map(x -> new Norm(x, add.getOutput(0), weight, bias));
    }

    /** The x of x - mean(x), if one operand is that and another needs a square root. */
    private Optional<String> centred(List<String> operands) {
        List<String> found = new ArrayList<>();
        boolean root = false;
        for (String operand : operands) {
            Optional<NodeProto> node = graph.producer(operand);
            if (node.isPresent() && node.get().getOpType().equals("Sub")) {
                String x = node.get().getInput(0);
                graph.producer(node.get().getInput(1))
                        .filter(m -> m.getOpType().equals("ReduceMean")
                                && m.getInput(0).equals(x))
                        .ifPresent(m -> found.add(x));
            } else {
                root |= graph.nearestBefore(operand, n -> n.getOpType().equals("Sqrt"))
                        .isPresent();
            }
        }
        return root && found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private record Operand(OnnxConstant constant, String other) {}

    private Optional<Operand> constantAndOther(NodeProto node) {
        for (int i = 0; i < 2; i++) {
            Optional<OnnxConstant> constant = graph.constant(node.getInput(i)).filter(OnnxConstant::isFloat);
            if (constant.isPresent() && constant.get().scalar().isEmpty()) {
                return Optional.of(new Operand(constant.get(), node.getInput(1 - i)));
            }
        }
        return Optional.empty();
    }
}
