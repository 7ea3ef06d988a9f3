package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies on a device, and to and from it, by small graphs that the device runs: the same graphs and calls on every device, the CPU included.
 *
 * <p>Tensors are int32, whatever they hold. Safe for concurrent use.
 */
final class TensorCopies implements AutoCloseable {
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String INTO = "into";
    private static final String FIRST = "first";
    private static final String END = "end";
    private static final String PLACES = "places";

    private final Device device;
    private final NativeSession whole;
    /** By the number of tensors that one call copies to. */
    private final Map<Integer, NativeSession> parts = new HashMap<>();

    TensorCopies(Device device) {
        this.device = device;
        this.whole = open(whole());
    }

    /** Copies int32 [n] to another of that size; either may lie on the device or in the process. */
    void move(OnnxTensor from, OnnxTensor to) {
        run(whole, Map.of(FROM, from), Map.of(TO, to));
    }

    /**
     * Copies tokens of some tensors on the device to other places of as many others, all in one call.
     *
     * @param from each int32 [heads, tokens, width]
     * @param first of the tokens copied
     * @param to each int32 [heads, capacity, width], other memory than {@code from}
     * @param at where the first one goes
     * @param count unit: tokens
     */
    void tokens(List<OnnxTensor> from, int first, List<OnnxTensor> to, int at, int count) {
        int heads = (int) to.get(0).getInfo().getShape()[0];
        Map<String, OnnxTensor> inputs = new HashMap<>();
        Map<String, OnnxTensor> outputs = new HashMap<>();
        for (int i = 0; i < to.size(); i++) {
            inputs.put(FROM + i, from.get(i));
            inputs.put(TO + i, to.get(i));
            outputs.put(INTO + i, to.get(i));
        }
        try (OnnxTensor begin = longs(new long[] {1}, first);
                OnnxTensor end = longs(new long[] {1}, first + count);
                OnnxTensor places = longs(new long[] {heads, count, 2}, places(heads, at, count))) {
            inputs.put(FIRST, begin);
            inputs.put(END, end);
            inputs.put(PLACES, places);
            run(part(to.size()), inputs, outputs);
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /** Head and token of each vector that is written. */
    private static long[] places(int heads, int at, int count) {
        long[] places = new long[2 * heads * count];
        int next = 0;
        for (int head = 0; head < heads; head++) {
            for (int token = at; token < at + count; token++) {
                places[next++] = head;
                places[next++] = token;
            }
        }
        return places;
    }

    private static OnnxTensor longs(long[] shape, long... values) throws OrtException {
        LongBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES * values.length)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer()
                .put(0, values);
        return OnnxTensor.createTensor(OrtRuntime.environment(), buffer, shape);
    }

    private static void run(
            NativeSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) {
        try {
            session.run(inputs, pinnedOutputs);
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    private static InferenceException failure(OrtException e) {
        return new InferenceException("ONNX Runtime cannot copy on the device: " + e.getMessage(), e);
    }

    private synchronized NativeSession part(int tensors) {
        return parts.computeIfAbsent(tensors, n -> open(part(new GraphBuilder(), n)));
    }

    private NativeSession open(byte[] graph) {
        return NativeSession.open(graph, Optional.empty(), device, 1);
    }

    private static byte[] whole() {
        GraphBuilder g = new GraphBuilder();
        g.input(FROM, DataType.INT32, "elements");
        g.nodeInto("", "Identity", List.of(FROM), List.of(TO));
        g.output(TO, DataType.INT32, "elements");
        return g.toModel();
    }

    /** Output and input of a scatter are the same memory, so that nothing is copied but the tokens. */
    private static byte[] part(GraphBuilder g, int tensors) {
        g.input(FIRST, DataType.INT64, 1);
        g.input(END, DataType.INT64, 1);
        g.input(PLACES, DataType.INT64, "heads", "count", 2);
        String axis = g.constant("tokens_axis", new long[] {1}, 1);
        for (int i = 0; i < tensors; i++) {
            g.input(FROM + i, DataType.INT32, "heads", "tokens", "width");
            g.input(TO + i, DataType.INT32, "heads", "capacity", "width");
            String tokens = g.op("Slice", List.of(FROM + i, FIRST, END, axis));
            g.nodeInto(
                    "",
                    "ScatterND",
                    List.of(TO + i, PLACES, tokens),
                    List.of(INTO + i),
                    Attribute.of("reduction", "none"));
            g.output(INTO + i, DataType.INT32, "heads", "capacity", "width");
        }
        return g.toModel();
    }

    @Override
    public synchronized void close() {
        whole.close();
        parts.values().forEach(NativeSession::close);
    }
}
