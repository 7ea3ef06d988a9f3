package io.textloom.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.textloom.fuzz.FuzzFiles;
import io.textloom.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Weights out of an ONNX file, by our own reading; the native runtime has nothing to do with it. */
public final class OnnxFuzz {
    private static final int HIDDEN = 4;
    private static final int INTERMEDIATE = 6;
    private static final int VOCABULARY = 5;
    private static final int POSITIONS = 3;
    private static final BertSpec SPEC = new BertSpec(
            BertSpec.Family.BERT, HIDDEN, 1, 2, INTERMEDIATE, VOCABULARY, POSITIONS, 0, 2, 0, 1e-12f, Activation.GELU);

    private OnnxFuzz() {}

    public static FuzzTarget target() {
        Path file = FuzzFiles.directory("model.onnx").resolve("model.onnx");
        return new FuzzTarget("onnx", FuzzTarget.Shape.BINARY, Set.of(ModelException.class), 4 << 20, 2000, input -> {
            Files.write(file, input);
            return OnnxWeights.recover(file, SPEC).size();
        });
    }

    /** Writes the seed. */
    public static void main(String[] args) throws IOException {
        GraphProto.Builder g = GraphProto.newBuilder().setName("tiny");
        for (String input : List.of("input_ids", "token_type_ids")) {
            g.addInput(ValueInfoProto.newBuilder().setName(input));
        }
        g.addInitializer(TensorProto.newBuilder()
                .setName("places")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(2)
                .addInt64Data(0)
                .addInt64Data(1));
        weights(g, "words", VOCABULARY, HIDDEN);
        weights(g, "types", 2, HIDDEN);
        weights(g, "positions", POSITIONS, HIDDEN);
        node(g, "Gather", "e0", "words", "input_ids");
        node(g, "Gather", "e1", "types", "token_type_ids");
        node(g, "Add", "e2", "e0", "e1");
        node(g, "Gather", "e3", "positions", "places");
        node(g, "Add", "e4", "e2", "e3");
        norm(g, "x", "e4");
        linear(g, "q", "x", HIDDEN, HIDDEN);
        linear(g, "k", "x", HIDDEN, HIDDEN);
        linear(g, "v", "x", HIDDEN, HIDDEN);
        node(g, "Transpose", "kt", "k");
        node(g, "MatMul", "scores", "q", "kt");
        node(g, "Softmax", "p", "scores");
        node(g, "MatMul", "c", "p", "v");
        linear(g, "o", "c", HIDDEN, HIDDEN);
        node(g, "Add", "r", "o", "x");
        norm(g, "x1", "r");
        linear(g, "u", "x1", INTERMEDIATE, HIDDEN);
        node(g, "Gelu", "a", "u");
        linear(g, "d", "a", HIDDEN, INTERMEDIATE);
        node(g, "Add", "r2", "d", "x1");
        norm(g, "last_hidden_state", "r2");
        g.addOutput(ValueInfoProto.newBuilder().setName("last_hidden_state"));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(g)
                .build();
        Files.write(Path.of(args[0]), model.toByteArray());
    }

    private static void linear(GraphProto.Builder g, String name, String input, int out, int in) {
        weights(g, name + ".w", in, out);
        weights(g, name + ".b", out);
        node(g, "MatMul", name + "0", input, name + ".w");
        node(g, "Add", name, name + ".b", name + "0");
    }

    private static void norm(GraphProto.Builder g, String name, String input) {
        weights(g, name + ".g", HIDDEN);
        weights(g, name + ".c", HIDDEN);
        node(g, "LayerNormalization", name, input, name + ".g", name + ".c");
    }

    private static void node(GraphProto.Builder g, String type, String output, String... inputs) {
        g.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .addAllInput(List.of(inputs))
                .addOutput(output));
    }

    private static void weights(GraphProto.Builder g, String name, int... dims) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        int elements = 1;
        for (int d : dims) {
            tensor.addDims(d);
            elements *= d;
        }
        ByteBuffer data = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            data.putFloat(i * 0.1f);
        }
        g.addInitializer(tensor.setRawData(ByteString.copyFrom(data.array())));
    }
}
