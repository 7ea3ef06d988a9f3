package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.textloom.tensor.Pooling;
import io.textloom.token.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** Direct buffers of one caller at a time, grown as batches ask and used again: the runtime reads and writes them without a copy. */
final class EncoderBuffers {
    private static final FloatBuffer NOTHING = FloatBuffer.allocate(0);

    private final EncoderGraph graph;
    private final boolean fused;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();

    EncoderBuffers(EncoderGraph graph) {
        this.graph = graph;
        this.fused = graph.form() == EncoderGraph.Form.FUSED;
    }

    /**
     * @param wanted of a graph that gathers, the tokens it is to give, as places in the batch's ids; at least one
     * @param rows float[rows * rowWidth], row-major, overwritten
     * @param tokens float[total tokens * tokenWidth], or float[wanted * tokenWidth], row-major, overwritten
     */
    void run(NativeSession session, TokenBatch batch, int[] wanted, float[] rows, float[] tokens) throws OrtException {
        int longest = batch.maxLength();
        long[] padded = {batch.size(), longest};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        Map<String, OnnxTensor> outputs = new HashMap<>();
        try {
            inputs(batch, longest, padded, inputs);
            FloatBuffer rowVectors =
                    graph.rowWidth() > 0 ? floats(EncoderGraph.ROWS, outputs, batch.size(), graph.rowWidth()) : NOTHING;
            FloatBuffer tokenVectors = NOTHING;
            if (graph.gathers()) {
                padded(wanted, batch, longest, ints(EncoderGraph.WANTED, inputs, wanted.length));
                tokenVectors = floats(EncoderGraph.TOKENS, outputs, wanted.length, graph.tokenWidth());
            } else if (graph.tokenWidth() > 0) {
                tokenVectors = floats(EncoderGraph.TOKENS, outputs, batch.size(), longest, graph.tokenWidth());
            }
            session.run(inputs, outputs);
            rowVectors.get(0, rows, 0, batch.size() * graph.rowWidth());
            if (graph.gathers()) {
                tokenVectors.get(0, tokens, 0, wanted.length * graph.tokenWidth());
            } else {
                unpad(batch, longest, tokenVectors, tokens);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }

    /** Where tokens stand in rows that are padded. */
    private static void padded(int[] wanted, TokenBatch batch, int longest, IntBuffer into) {
        int row = 0;
        for (int i = 0; i < wanted.length; i++) {
            while (wanted[i] < batch.offset(row)) {
                row--;
            }
            while (wanted[i] >= batch.offset(row) + batch.length(row)) {
                row++;
            }
            into.put(i, row * longest + wanted[i] - batch.offset(row));
        }
    }

    private void unpad(TokenBatch batch, int longest, FloatBuffer from, float[] tokens) {
        int width = graph.tokenWidth();
        for (int row = 0; row < batch.size(); row++) {
            from.get(row * longest * width, tokens, batch.offset(row) * width, batch.length(row) * width);
        }
    }

    private void inputs(TokenBatch batch, int longest, long[] padded, Map<String, OnnxTensor> inputs)
            throws OrtException {
        if (fused) {
            fill(batch.ids(), batch, longest, ints(EncoderGraph.IDS, inputs, padded));
            IntBuffer lengths = ints(EncoderGraph.LENGTHS, inputs, batch.size());
            for (int row = 0; row < batch.size(); row++) {
                lengths.put(row, batch.length(row));
            }
            if (graph.types()) {
                fill(batch.types(), batch, longest, ints(EncoderGraph.TYPES, inputs, padded));
            }
        } else {
            fill(batch.ids(), batch, longest, longs(EncoderGraph.IDS, inputs, padded));
            LongBuffer mask = longs(EncoderGraph.MASK, inputs, padded);
            for (int row = 0, at = 0; row < batch.size(); row++) {
                for (int i = 0; i < longest; i++, at++) {
                    mask.put(at, i < batch.length(row) ? 1 : 0);
                }
            }
            if (graph.types()) {
                fill(batch.types(), batch, longest, longs(EncoderGraph.TYPES, inputs, padded));
            }
            if (graph.form() == EncoderGraph.Form.PLAIN_WITH_POSITIONS) {
                LongBuffer positions = longs(EncoderGraph.POSITIONS, inputs, padded);
                for (int at = 0; at < batch.size() * longest; at++) {
                    positions.put(at, at % longest);
                }
            }
        }
        if (graph.pooling().isPresent()) {
            pooling(graph.pooling().get(), batch, longest, floats(EncoderGraph.POOLING, inputs, padded));
        }
    }

    private static void pooling(Pooling pooling, TokenBatch batch, int longest, FloatBuffer into) {
        float padding = EncoderGraph.poolingOfPadding(pooling);
        for (int row = 0, at = 0; row < batch.size(); row++) {
            int length = batch.length(row);
            for (int i = 0; i < longest; i++, at++) {
                into.put(at, i < length ? EncoderGraph.poolingOfToken(pooling, i, length) : padding);
            }
        }
    }

    private static void fill(int[] values, TokenBatch batch, int longest, IntBuffer into) {
        for (int row = 0, at = 0; row < batch.size(); row++) {
            int offset = batch.offset(row);
            int length = batch.length(row);
            for (int i = 0; i < longest; i++, at++) {
                into.put(at, i < length ? values[offset + i] : 0);
            }
        }
    }

    private static void fill(int[] values, TokenBatch batch, int longest, LongBuffer into) {
        for (int row = 0, at = 0; row < batch.size(); row++) {
            int offset = batch.offset(row);
            int length = batch.length(row);
            for (int i = 0; i < longest; i++, at++) {
                into.put(at, i < length ? values[offset + i] : 0);
            }
        }
    }

    private IntBuffer ints(String name, Map<String, OnnxTensor> tensors, long... shape) throws OrtException {
        IntBuffer values = reserve(name, 4, shape).asIntBuffer();
        tensors.put(name, OnnxTensor.createTensor(OrtRuntime.environment(), values, shape));
        return values;
    }

    private LongBuffer longs(String name, Map<String, OnnxTensor> tensors, long... shape) throws OrtException {
        LongBuffer values = reserve(name, 8, shape).asLongBuffer();
        tensors.put(name, OnnxTensor.createTensor(OrtRuntime.environment(), values, shape));
        return values;
    }

    private FloatBuffer floats(String name, Map<String, OnnxTensor> tensors, long... shape) throws OrtException {
        FloatBuffer values = reserve(name, 4, shape).asFloatBuffer();
        tensors.put(name, OnnxTensor.createTensor(OrtRuntime.environment(), values, shape));
        return values;
    }

    /** A view of exactly the bytes of that shape; what it held before is lost. */
    private ByteBuffer reserve(String name, int elementBytes, long... shape) {
        long bytes = elementBytes;
        for (long d : shape) {
            bytes = Math.multiplyExact(bytes, d);
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("The batch needs " + bytes + " bytes for " + name + "; a buffer has "
                    + Integer.MAX_VALUE + " at most, lower the tokens of a batch or of a row");
        }
        int wanted = (int) bytes;
        ByteBuffer buffer = buffers.get(name);
        if (buffer == null || buffer.capacity() < wanted) {
            int grown = (int) Math.min(Integer.MAX_VALUE, Math.max(bytes, buffer == null ? 0 : 2L * buffer.capacity()));
            buffer = ByteBuffer.allocateDirect(grown);
            buffers.put(name, buffer);
        }
        return buffer.slice(0, wanted).order(ByteOrder.nativeOrder());
    }
}
