package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** The token inputs of one call shape [rows, tokens], written in place before each call. */
final class CallInputs implements AutoCloseable {
    /** int64 [rows, tokens] */
    final LongBuffer ids;
    /** int64 [rows, tokens] */
    final LongBuffer positions;
    /** int64 [rows, 1] */
    final LongBuffer lastIndex;
    /** int32 [rows] */
    final IntBuffer lengths;
    /** int32 scalar */
    final IntBuffer totalLength;

    private final Map<String, OnnxTensor> tensors = new HashMap<>();

    CallInputs(int rows, int tokens) throws OrtException {
        ids = longs(rows * tokens);
        positions = longs(rows * tokens);
        lastIndex = longs(rows);
        lengths = ints(rows);
        totalLength = ints(1);
        OrtEnvironment environment = OrtRuntime.environment();
        try {
            long[] perToken = {rows, tokens};
            tensors.put(DecoderGraph.INPUT_IDS, OnnxTensor.createTensor(environment, ids, perToken));
            tensors.put(DecoderGraph.POSITION_IDS, OnnxTensor.createTensor(environment, positions, perToken));
            tensors.put(DecoderGraph.LAST_INDEX, OnnxTensor.createTensor(environment, lastIndex, new long[] {rows, 1}));
            tensors.put(DecoderGraph.LENGTHS, OnnxTensor.createTensor(environment, lengths, new long[] {rows}));
            tensors.put(DecoderGraph.TOTAL_LENGTH, OnnxTensor.createTensor(environment, totalLength, new long[0]));
        } catch (OrtException e) {
            close();
            throw e;
        }
    }

    /** Puts these tensors in place of those of another call shape. */
    void into(Map<String, OnnxTensor> inputs) {
        inputs.putAll(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
    }

    private static LongBuffer longs(int n) {
        return ByteBuffer.allocateDirect(8 * n).order(ByteOrder.nativeOrder()).asLongBuffer();
    }

    private static IntBuffer ints(int n) {
        return ByteBuffer.allocateDirect(4 * n).order(ByteOrder.nativeOrder()).asIntBuffer();
    }
}
