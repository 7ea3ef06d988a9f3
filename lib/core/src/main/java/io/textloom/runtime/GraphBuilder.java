package io.textloom.runtime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.textloom.model.TensorInfo;
import io.textloom.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Builds an ONNX graph in memory. Values are named by strings, as in ONNX; an empty name is an absent optional input.
 *
 * <p>Weights stay where they are: {@link #weight} refers to the safetensors file by byte offset, so a graph is some tens of kilobytes whatever
 * the model's size. Half-precision weights get a Cast that ONNX Runtime folds when the session opens; tables keep their type. Source: ONNX IR, opset 24.
 */
final class GraphBuilder {
    /** Operators that ONNX Runtime adds to ONNX. */
    static final String CONTRIB = "com.microsoft";

    static final int OPSET = 24;
    private static final int IR_VERSION = 11;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("textloom");
    private final Set<String> initializers = new HashSet<>();
    private final Set<String> casts = new HashSet<>();
    private final UnaryOperator<TensorInfo> places;
    private final String prefix;
    private final DataType compute;
    private int nodes;

    /** Computes in float32. */
    GraphBuilder() {
        this("", DataType.FLOAT32, UnaryOperator.identity());
    }

    /** @param compute type that weights and float constants come in: float32 or float16 */
    GraphBuilder(DataType compute) {
        this("", compute, UnaryOperator.identity());
    }

    /** Computes in float32.
     *
     * @param prefix of the names of nodes and their values, for a graph that is to be joined with another */
    GraphBuilder(String prefix) {
        this(prefix, DataType.FLOAT32, UnaryOperator.identity());
    }

    /**
     * Computes in float32.
     *
     * @param places where the stored weights are to be found instead, by the same name
     */
    GraphBuilder(UnaryOperator<TensorInfo> places) {
        this("", DataType.FLOAT32, places);
    }

    private GraphBuilder(String prefix, DataType compute, UnaryOperator<TensorInfo> places) {
        this.places = places;
        this.prefix = prefix;
        this.compute = compute;
    }

    void input(String name, DataType type, Object... dimensions) {
        graph.addInput(value(name, type, dimensions));
    }

    void output(String name, DataType type, Object... dimensions) {
        graph.addOutput(value(name, type, dimensions));
    }

    /** A standard operator with one output. */
    String op(String type, List<String> inputs, Attribute... attributes) {
        return node("", type, inputs, 1, attributes).get(0);
    }

    /** An ONNX Runtime contrib operator with one output. */
    String contrib(String type, List<String> inputs, Attribute... attributes) {
        return node(CONTRIB, type, inputs, 1, attributes).get(0);
    }

    /** Equal parts of a value's last dimension. */
    List<String> split(String value, int parts) {
        return node("", "Split", List.of(value), parts, Attribute.of("axis", -1L), Attribute.of("num_outputs", (long)
                parts));
    }

    /** A node with fresh output names. */
    List<String> node(String domain, String type, List<String> inputs, int outputs, Attribute... attributes) {
        String[] names = new String[outputs];
        for (int i = 0; i < outputs; i++) {
            names[i] = prefix + type + "_" + nodes + "_" + i;
        }
        return nodeInto(domain, type, inputs, List.of(names), attributes);
    }

    /** A node whose outputs are named by the caller; an empty name is an output not wanted. */
    List<String> nodeInto(
            String domain, String type, List<String> inputs, List<String> outputs, Attribute... attributes) {
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(type)
                .setDomain(domain)
                .setName(prefix + type + "_" + nodes++)
                .addAllInput(inputs)
                .addAllOutput(outputs);
        for (Attribute attribute : attributes) {
            node.addAttribute(attribute.proto());
        }
        graph.addNode(node);
        return outputs;
    }

    /**
     * Gives the value of an operator another name, that of an output: nothing is copied.
     *
     * @throws IllegalArgumentException if no operator makes it
     */
    void rename(String value, String name) {
        boolean found = false;
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(value)) {
                    node.setInput(i, name);
                }
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(value)) {
                    node.setOutput(i, name);
                    found = true;
                }
            }
        }
        if (!found) {
            throw new IllegalArgumentException(
                    "No operator makes " + value + "; expected one to, for the output " + name);
        }
    }

    /** A stored float weight as a value of the type that the graph computes in, by reference. */
    String weight(TensorInfo tensor) {
        if (!tensor.type().isFloat()) {
            throw new IllegalArgumentException(tensor.name() + " is " + tensor.type() + ", expected a float type");
        }
        boolean cast = tensor.type() != compute;
        String name = cast ? tensor.name() + "." + compute.name().toLowerCase(Locale.ROOT) : tensor.name();
        if (cast && casts.add(name)) {
            nodeInto(
                    "",
                    "Cast",
                    List.of(initializer(places.apply(tensor))),
                    List.of(name),
                    Attribute.of("to", compute.onnxCode()));
        }
        return cast ? name : initializer(places.apply(tensor));
    }

    /**
     * Rows of a stored float table, in the type that the graph computes in. A table of another type is not cast as a whole: that would be a copy of it.
     *
     * @param rows value of integers, of any shape
     * @return value of that shape and the table's width
     */
    String rows(TensorInfo table, String rows) {
        String found = op("Gather", List.of(initializer(places.apply(table)), rows));
        return table.type() == compute ? found : op("Cast", List.of(found), Attribute.of("to", compute.onnxCode()));
    }

    /** A stored tensor as it is, by reference. */
    String initializer(TensorInfo tensor) {
        if (initializers.add(tensor.name())) {
            TensorProto.Builder proto = TensorProto.newBuilder()
                    .setName(tensor.name())
                    .setDataType(tensor.type().onnxCode())
                    .addAllDims(tensor.shape())
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(
                            entry("location", tensor.file().getFileName().toString()))
                    .addExternalData(entry("offset", Long.toString(tensor.offset())))
                    .addExternalData(entry("length", Long.toString(tensor.length())));
            graph.addInitializer(proto);
        }
        return tensor.name();
    }

    /** A value of the type that the graph computes in, as float32. */
    String float32(String value) {
        return compute == DataType.FLOAT32
                ? value
                : op("Cast", List.of(value), Attribute.of("to", DataType.FLOAT32.onnxCode()));
    }

    /** A float32 value in the type that the graph computes in. */
    String computed(String value) {
        return compute == DataType.FLOAT32 ? value : op("Cast", List.of(value), Attribute.of("to", compute.onnxCode()));
    }

    String constant(String name, float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return raw(name, DataType.FLOAT32, data.array(), shape);
    }

    String constant(String name, long[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return raw(name, DataType.INT64, data.array(), shape);
    }

    /** An unsigned 8-bit scalar. */
    String constant(String name, byte value) {
        return raw(name, DataType.UINT8, new byte[] {value});
    }

    /** The graph alone. */
    GraphProto graph() {
        return graph.build();
    }

    /** The graph with all that ONNX asks around it. */
    byte[] toModel() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("textloom")
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(CONTRIB).setVersion(1))
                .build()
                .toByteArray();
    }

    private String raw(String name, DataType type, byte[] data, long... shape) {
        if (initializers.add(name)) {
            TensorProto.Builder proto = TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(type.onnxCode())
                    .setRawData(ByteString.copyFrom(data));
            for (long d : shape) {
                proto.addDims(d);
            }
            graph.addInitializer(proto);
        }
        return name;
    }

    private static ValueInfoProto value(String name, DataType type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object d : dimensions) {
            if (d instanceof String symbol) {
                shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(symbol));
            } else {
                shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(((Number) d).longValue()));
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.onnxCode())
                                .setShape(shape)))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** A node attribute. */
    record Attribute(AttributeProto proto) {
        static Attribute of(String name, long value) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(value)
                    .build());
        }

        static Attribute of(String name, float value) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setF(value)
                    .build());
        }

        static Attribute of(String name, String value) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(value))
                    .build());
        }

        static Attribute of(String name, List<Long> values) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.INTS)
                    .addAllInts(values)
                    .build());
        }
    }
}
