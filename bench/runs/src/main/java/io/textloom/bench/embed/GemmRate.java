package io.textloom.bench.embed;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import io.textloom.bench.Usage;
import io.textloom.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * The machine's limit for this model: how fast ONNX Runtime multiplies float32 matrices of MiniLM's layer shapes and nothing else, on all cores. Weights
 * are constants, as in the model, so they are packed beforehand.
 */
final class GemmRate {
    private static final int TOKENS = 512;
    private static final int HIDDEN = 384;
    private static final int INTERMEDIATE = 1536;
    private static final double WARM_UP_SECONDS = 0.3;
    private static final double SECONDS = 0.7;

    /** {@code [TOKENS, inner] x [inner, width]}; one layer of MiniLM has one of each. */
    private enum Shape {
        QKV(HIDDEN, 3 * HIDDEN),
        ATTENTION_OUT(HIDDEN, HIDDEN),
        FEED_FORWARD_IN(HIDDEN, INTERMEDIATE),
        FEED_FORWARD_OUT(INTERMEDIATE, HIDDEN);

        final int inner;
        final int width;

        Shape(int inner, int width) {
            this.inner = inner;
            this.width = width;
        }

        double flops() {
            return 2.0 * TOKENS * inner * width;
        }
    }

    private GemmRate() {}

    /**
     * Rates in GFLOP/s.
     *
     * @param perShape by shape, for the faster way
     * @param twoCallers one native thread each, the whole layer
     * @param oneCaller with two native threads, the whole layer
     */
    record Figures(SortedMap<String, Double> perShape, double twoCallers, double oneCaller, double otherCpuSeconds) {
        double best() {
            return Math.max(twoCallers, oneCaller);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments);
        Usage start = Usage.now();
        SortedMap<String, Double> apart = new TreeMap<>();
        SortedMap<String, Double> together = new TreeMap<>();
        double two = layer(LocalSpark.CORES, 1, apart);
        double one = layer(1, LocalSpark.CORES, together);
        Json.write(
                options.path("figures"),
                new Figures(two > one ? apart : together, two, one, Usage.now().otherCpuSince(start)));
    }

    static String onnxRuntimeVersion() {
        return environment().getVersion();
    }

    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    }

    private static double layer(int callers, int threads, SortedMap<String, Double> rates)
            throws OrtException, InterruptedException, ExecutionException {
        double flops = 0;
        double seconds = 0;
        for (Shape shape : Shape.values()) {
            double rate = rate(shape, callers, threads);
            rates.put(shape.name(), rate / 1e9);
            flops += shape.flops();
            seconds += shape.flops() / rate;
        }
        return flops / seconds / 1e9;
    }

    /** unit: FLOP/s */
    private static double rate(Shape shape, int callers, int threads)
            throws OrtException, InterruptedException, ExecutionException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            try (OrtSession session = environment().createSession(model(shape), options)) {
                run(session, shape, callers, WARM_UP_SECONDS);
                return run(session, shape, callers, SECONDS);
            }
        }
    }

    private static double run(OrtSession session, Shape shape, int callers, double seconds)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return Callers.rate(callers, () -> multiply(session, shape, end));
    }

    /** unit: FLOP */
    private static double multiply(OrtSession session, Shape shape, long end) throws OrtException {
        FloatBuffer left = direct(TOKENS * shape.inner);
        Random random = new Random(1);
        for (int i = 0; i < left.capacity(); i++) {
            left.put(i, random.nextFloat() - 0.5f);
        }
        try (OnnxTensor x = OnnxTensor.createTensor(environment(), left, new long[] {TOKENS, shape.inner});
                OnnxTensor y = OnnxTensor.createTensor(
                        environment(), direct(TOKENS * shape.width), new long[] {TOKENS, shape.width})) {
            double flops = 0;
            while (System.nanoTime() < end) {
                session.run(Map.of("x", x), Map.of("y", y)).close();
                flops += shape.flops();
            }
            return flops;
        }
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(4 * floats)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static byte[] model(Shape shape) {
        ByteBuffer weights = ByteBuffer.allocate(4 * shape.inner * shape.width).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(2);
        while (weights.hasRemaining()) {
            weights.putFloat(random.nextFloat() - 0.5f);
        }
        TensorProto constant = TensorProto.newBuilder()
                .setName("w")
                .setDataType(DataType.FLOAT32.onnxCode())
                .addDims(shape.inner)
                .addDims(shape.width)
                .setRawData(ByteString.copyFrom(weights.array()))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .setName("gemm")
                .addInput(value("x", shape.inner))
                .addOutput(value("y", shape.width))
                .addInitializer(constant)
                .addNode(NodeProto.newBuilder()
                        .setOpType("MatMul")
                        .addInput("x")
                        .addInput("w")
                        .addOutput("y"))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(10)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(21))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto value(String name, int columns) {
        TensorShapeProto dimensions = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(TOKENS))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT32.onnxCode())
                                .setShape(dimensions)))
                .build();
    }
}
