package io.textloom.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX file that has been looked at before anybody follows what it says: its nodes stand in the order in which they can be computed, so that there is no cycle; they have
 * the inputs that their operators need; and the data of its tensors lies inside of its folder.
 */
public final class OnnxFile {
    /** The largest exports of encoders have some 10,000. */
    private static final int MAX_NODES = 50_000;

    private static final int MAX_TENSORS = 50_000;
    /** Messages inside each other; real files have ten. */
    private static final int MAX_DEPTH = 40;

    /** Operators that our own reading follows, and how many inputs they need. */
    private static final Map<String, Integer> INPUTS = Map.ofEntries(
            Map.entry("MatMul", 2),
            Map.entry("Gemm", 2),
            Map.entry("Add", 2),
            Map.entry("Sub", 2),
            Map.entry("Mul", 2),
            Map.entry("Div", 2),
            Map.entry("Gather", 2),
            Map.entry("LayerNormalization", 2),
            Map.entry("Softmax", 1),
            Map.entry("ReduceMean", 1),
            Map.entry("Identity", 1),
            Map.entry("Cast", 1),
            Map.entry("Dropout", 1),
            Map.entry("Reshape", 1),
            Map.entry("Squeeze", 1),
            Map.entry("Unsqueeze", 1),
            Map.entry("Flatten", 1),
            Map.entry("Slice", 1),
            Map.entry("Expand", 1),
            Map.entry("Transpose", 1));

    private OnnxFile() {}

    /** @throws ModelException if the file is not a sound ONNX model */
    public static ModelProto read(Path onnx) {
        try (InputStream in = Files.newInputStream(onnx)) {
            CodedInputStream coded = CodedInputStream.newInstance(in);
            coded.setRecursionLimit(MAX_DEPTH);
            ModelProto model = ModelProto.parseFrom(coded);
            check(model.getGraph(), onnx);
            return model;
        } catch (IOException e) {
            throw new ModelException("Cannot read " + onnx + ": expected an ONNX file; " + e.getMessage(), e);
        }
    }

    private static void check(GraphProto graph, Path onnx) {
        require(graph.getNodeCount() > 0, onnx, "it has no nodes");
        require(graph.getNodeCount() <= MAX_NODES, onnx, "it has more than " + MAX_NODES + " nodes");
        require(graph.getInitializerCount() <= MAX_TENSORS, onnx, "it has more than " + MAX_TENSORS + " tensors");
        Set<String> known = new HashSet<>();
        known.add("");
        for (ValueInfoProto input : graph.getInputList()) {
            known.add(input.getName());
        }
        for (TensorProto tensor : graph.getInitializerList()) {
            known.add(tensor.getName());
            checkPlace(tensor, onnx);
        }
        graph.getSparseInitializerList().forEach(t -> known.add(t.getValues().getName()));
        for (NodeProto node : graph.getNodeList()) {
            check(node, known, onnx);
        }
    }

    private static void check(NodeProto node, Set<String> known, Path onnx) {
        String named = "its node " + node.getOpType() + " " + node.getName();
        require(node.getOutputCount() > 0, onnx, named + " has no output");
        int inputs = INPUTS.getOrDefault(node.getOpType(), 0);
        require(node.getInputCount() >= inputs, onnx, named + " has fewer than " + inputs + " inputs");
        for (String input : node.getInputList()) {
            require(known.contains(input), onnx, named + " reads \"" + input + "\", which nothing before it gives");
        }
        for (String output : node.getOutputList()) {
            require(output.isEmpty() || known.add(output), onnx, named + " gives \"" + output + "\" once more");
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            checkPlaces(attribute, onnx);
        }
    }

    /** Tensors of attributes, also in the bodies of conditions and loops; protobuf has limited their depth. */
    private static void checkPlaces(AttributeProto attribute, Path onnx) {
        checkPlace(attribute.getT(), onnx);
        attribute.getTensorsList().forEach(t -> checkPlace(t, onnx));
        List<GraphProto> bodies = new ArrayList<>(attribute.getGraphsList());
        bodies.add(attribute.getG());
        for (GraphProto body : bodies) {
            body.getInitializerList().forEach(t -> checkPlace(t, onnx));
            for (NodeProto node : body.getNodeList()) {
                node.getAttributeList().forEach(a -> checkPlaces(a, onnx));
            }
        }
    }

    /** Our own reading and the native runtime's follow the place that a tensor names. */
    private static void checkPlace(TensorProto tensor, Path onnx) {
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            String location = tensor.getExternalDataList().stream()
                    .filter(e -> e.getKey().equals("location"))
                    .map(e -> e.getValue())
                    .reduce("", (first, last) -> last);
            FolderBoundary.require(folder(onnx), location);
        }
    }

    /** Where the file's external data lies. */
    static Path folder(Path onnx) {
        return onnx.toAbsolutePath().normalize().resolveSibling("");
    }

    private static void require(boolean holds, Path onnx, String otherwise) {
        if (!holds) {
            throw new ModelException("The ONNX file " + onnx + " is not sound: " + otherwise + "; export it again");
        }
    }
}
