package io.textloom.runtime;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelException;
import io.textloom.model.OnnxFile;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An encoder's ONNX file run as it is, with pooling and normalisation put behind its token vectors. */
final class PlainGraph {
    private static final Set<String> KNOWN_INPUTS =
            Set.of(EncoderGraph.IDS, EncoderGraph.MASK, EncoderGraph.TYPES, EncoderGraph.POSITIONS);

    private PlainGraph() {}

    /**
     * @throws ModelException if the file does not take token ids and give token vectors
     * @throws IllegalArgumentException if more is asked for than the file's last hidden state gives
     */
    static EncoderGraph build(Path onnx, EncoderSpec spec, EncoderRequest request) {
        if (!request.layersOf(spec.layers()).equals(List.of(spec.layers()))) {
            throw new IllegalArgumentException("layers is " + request.layers() + " but the model is an ONNX file, which"
                    + " gives its last layer alone; leave it -1, or use a folder with model.safetensors");
        }
        if (request.precision() != Precision.FLOAT32) {
            throw new IllegalArgumentException(
                    "precision is " + request.precision().name().toLowerCase(Locale.ROOT)
                            + " but the model is an ONNX file, which computes as it was exported; choose float32, or use"
                            + " a folder with model.safetensors");
        }
        ModelProto.Builder model = OnnxFile.read(onnx).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        Set<String> inputs = new TreeSet<>();
        graph.getInputList().forEach(i -> inputs.add(i.getName()));
        graph.getInitializerList().forEach(i -> inputs.remove(i.getName()));
        if (!inputs.contains(EncoderGraph.IDS)
                || !inputs.contains(EncoderGraph.MASK)
                || !KNOWN_INPUTS.containsAll(inputs)) {
            throw new ModelException("The ONNX file " + onnx + " has the inputs " + inputs + "; expected "
                    + EncoderGraph.IDS + ", " + EncoderGraph.MASK + " and perhaps " + EncoderGraph.TYPES + " and "
                    + EncoderGraph.POSITIONS);
        }
        ValueInfoProto tokens = tokenVectors(graph, onnx);
        long opset = model.getOpsetImportList().stream()
                .filter(o -> o.getDomain().isEmpty())
                .mapToLong(OperatorSetIdProto::getVersion)
                .max()
                .orElse(0);
        GraphBuilder tail = new GraphBuilder("textloom_");
        EncoderGraphs.appendOutputs(tail, request, tokens.getName(), spec.hidden(), opset, t -> {
            throw new IllegalArgumentException("pooling is pooler but the model is an ONNX file, which gives token"
                    + " vectors alone; choose mean or cls, or use a folder with model.safetensors");
        });
        GraphProto added = tail.graph();
        graph.addAllInput(added.getInputList())
                .addAllInitializer(added.getInitializerList())
                .addAllNode(added.getNodeList())
                .clearOutput()
                .addAllOutput(added.getOutputList());
        return new EncoderGraph(
                model.build().toByteArray(),
                inputs.contains(EncoderGraph.POSITIONS)
                        ? EncoderGraph.Form.PLAIN_WITH_POSITIONS
                        : EncoderGraph.Form.PLAIN,
                request.pooling().filter(EncoderGraph::takesPooling),
                inputs.contains(EncoderGraph.TYPES),
                request.pooling().isPresent() ? spec.hidden() : 0,
                request.tokenVectors() ? spec.hidden() : 0,
                Optional.ofNullable(onnx.toAbsolutePath().getParent()));
    }

    private static ValueInfoProto tokenVectors(GraphProto.Builder graph, Path onnx) {
        for (String name : List.of("last_hidden_state", "token_embeddings")) {
            for (ValueInfoProto output : graph.getOutputList()) {
                if (output.getName().equals(name)) {
                    return output;
                }
            }
        }
        return graph.getOutputList().stream()
                .filter(o -> {
                    TypeProto.Tensor type = o.getType().getTensorType();
                    return type.getElemType() == DataType.FLOAT32.onnxCode()
                            && type.getShape().getDimCount() == 3;
                })
                .findFirst()
                .orElseThrow(() -> new ModelException("The ONNX file " + onnx
                        + " has no output of token vectors, float [rows, tokens, hidden]; export last_hidden_state"));
    }
}
