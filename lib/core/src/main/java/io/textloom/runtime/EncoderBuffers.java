package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
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
    private final EncoderGraph.Form form;
    private final Pooling pooling;
    private final int hidden;

    private IntBuffer ids = direct(0).asIntBuffer();
    private IntBuffer lengths = direct(0).asIntBuffer();
    private LongBuffer wideIds = direct(0).asLongBuffer();
    private LongBuffer mask = direct(0).asLongBuffer();
    private LongBuffer types = direct(0).asLongBuffer();
    private FloatBuffer poolingValues = direct(0).asFloatBuffer();
    private FloatBuffer output = direct(0).asFloatBuffer();
    private int tokens;
    private int rows;

    EncoderBuffers(EncoderGraph.Form form, Pooling pooling, int hidden) {
        this.form = form;
        this.pooling = pooling;
        this.hidden = hidden;
    }

    /** @param out float[rows * hidden], row-major, overwritten */
    void run(NativeSession session, TokenBatch batch, float[] out) throws OrtException {
        int longest = batch.maxLength();
        reserve(batch.size(), batch.size() * longest);
        fill(batch, longest);
        long[] padded = {batch.size(), longest};
        OrtEnvironment environment = OrtRuntime.environment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        output.limit(batch.size() * hidden);
        try (OnnxTensor embedding = OnnxTensor.createTensor(environment, output, new long[] {batch.size(), hidden})) {
            if (form == EncoderGraph.Form.FUSED) {
                inputs.put(EncoderGraph.IDS, OnnxTensor.createTensor(environment, ids, padded));
                inputs.put(
                        EncoderGraph.LENGTHS, OnnxTensor.createTensor(environment, lengths, new long[] {batch.size()}));
            } else {
                inputs.put(EncoderGraph.IDS, OnnxTensor.createTensor(environment, wideIds, padded));
                inputs.put(EncoderGraph.MASK, OnnxTensor.createTensor(environment, mask, padded));
            }
            if (form == EncoderGraph.Form.PLAIN_WITH_TYPES) {
                inputs.put(EncoderGraph.TYPES, OnnxTensor.createTensor(environment, types, padded));
            }
            if (pooling != Pooling.CLS) {
                inputs.put(EncoderGraph.POOLING, OnnxTensor.createTensor(environment, poolingValues, padded));
            }
            session.run(inputs, Map.of(EncoderGraph.EMBEDDING, embedding));
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
        output.get(0, out, 0, batch.size() * hidden);
    }

    private void fill(TokenBatch batch, int longest) {
        int[] source = batch.ids();
        float padding = EncoderGraph.poolingOfPadding(pooling);
        int at = 0;
        for (int row = 0; row < batch.size(); row++) {
            int length = batch.length(row);
            int offset = batch.offset(row);
            float weight = EncoderGraph.poolingOfToken(pooling, length);
            for (int i = 0; i < longest; i++, at++) {
                boolean real = i < length;
                int id = real ? source[offset + i] : 0;
                if (form == EncoderGraph.Form.FUSED) {
                    ids.put(at, id);
                } else {
                    wideIds.put(at, id);
                    mask.put(at, real ? 1 : 0);
                }
                if (pooling != Pooling.CLS) {
                    poolingValues.put(at, real ? weight : padding);
                }
            }
            if (form == EncoderGraph.Form.FUSED) {
                lengths.put(row, length);
            }
        }
    }

    private void reserve(int wantedRows, int wantedTokens) {
        boolean fused = form == EncoderGraph.Form.FUSED;
        if (wantedTokens > tokens) {
            tokens = Math.max(wantedTokens, 2 * tokens);
            ids = direct(fused ? 4L * tokens : 0).asIntBuffer();
            wideIds = direct(fused ? 0 : 8L * tokens).asLongBuffer();
            mask = direct(fused ? 0 : 8L * tokens).asLongBuffer();
            types = direct(form == EncoderGraph.Form.PLAIN_WITH_TYPES ? 8L * tokens : 0)
                    .asLongBuffer();
            poolingValues = direct(pooling == Pooling.CLS ? 0 : 4L * tokens).asFloatBuffer();
        }
        if (wantedRows > rows) {
            rows = Math.max(wantedRows, 2 * rows);
            lengths = direct(fused ? 4L * rows : 0).asIntBuffer();
            output = direct(4L * rows * hidden).asFloatBuffer();
        }
        if (fused) {
            ids.limit(wantedTokens);
            lengths.limit(wantedRows);
        } else {
            wideIds.limit(wantedTokens);
            mask.limit(wantedTokens);
        }
        if (form == EncoderGraph.Form.PLAIN_WITH_TYPES) {
            types.limit(wantedTokens);
        }
        if (pooling != Pooling.CLS) {
            poolingValues.limit(wantedTokens);
        }
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }
}
