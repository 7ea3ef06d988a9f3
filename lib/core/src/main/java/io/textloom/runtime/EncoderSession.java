package io.textloom.runtime;

import ai.onnxruntime.OrtException;
import io.textloom.model.BertSpec;
import io.textloom.model.ModelFolder;
import io.textloom.tensor.Pooling;
import io.textloom.token.TokenBatch;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A BERT encoder that turns token batches into text vectors. Safe for concurrent use; {@link #close} waits for running calls.
 */
public final class EncoderSession implements AutoCloseable {
    private final BertSpec spec;
    private final EncoderGraph graph;
    private final NativeSession session;
    private final ConcurrentLinkedQueue<EncoderBuffers> buffers = new ConcurrentLinkedQueue<>();

    private EncoderSession(BertSpec spec, EncoderGraph graph, NativeSession session) {
        this.spec = spec;
        this.graph = graph;
        this.session = session;
    }

    /** On the CPU. */
    public static EncoderSession open(ModelFolder folder, Pooling pooling, boolean normalize, int threads) {
        return open(folder, pooling, normalize, Device.CPU, threads);
    }

    /**
     * @param pooling token vectors to text vector
     * @param normalize whether vectors are scaled to length 1
     * @param threads native threads of one call; 1 where several tasks call at the same time
     * @throws io.textloom.model.ModelException if the folder is no BERT encoder
     */
    public static EncoderSession open(
            ModelFolder folder, Pooling pooling, boolean normalize, Device device, int threads) {
        BertSpec spec = folder.bertSpec();
        return open(spec, EncoderGraphs.of(folder, spec, pooling, normalize), device, threads);
    }

    static EncoderSession open(BertSpec spec, EncoderGraph graph, int threads) {
        return open(spec, graph, Device.CPU, threads);
    }

    static EncoderSession open(BertSpec spec, EncoderGraph graph, Device device, int threads) {
        return new EncoderSession(
                spec, graph, NativeSession.open(graph.model(), graph.weightsFolder(), device, threads));
    }

    public BertSpec spec() {
        return spec;
    }

    /**
     * Runs one batch, padded on the right to its longest row.
     *
     * @param out float[rows * hidden], row-major, overwritten
     * @throws IllegalArgumentException if a row is empty, too long, or has an id outside the vocabulary
     * @throws InferenceException if ONNX Runtime fails; {@link OutOfDeviceMemory} if a smaller batch may fit
     */
    public void run(TokenBatch batch, float[] out) {
        check(batch, out);
        EncoderBuffers workspace = buffers.poll();
        if (workspace == null) {
            workspace = new EncoderBuffers(graph.form(), graph.pooling(), spec.hidden());
        }
        try {
            workspace.run(session, batch, out);
            buffers.add(workspace);
        } catch (OrtException e) {
            throw new InferenceException(
                    "ONNX Runtime failed on a batch of " + batch.size() + " rows, the longest of " + batch.maxLength()
                            + " tokens: " + e.getMessage(),
                    e);
        }
    }

    private void check(TokenBatch batch, float[] out) {
        if (batch.size() == 0 || out.length < batch.size() * spec.hidden()) {
            throw new IllegalArgumentException("The batch has " + batch.size() + " rows and the output " + out.length
                    + " places; expected at least one row and " + spec.hidden() + " places for each");
        }
        for (int row = 0; row < batch.size(); row++) {
            int length = batch.length(row);
            if (length < 1 || length > spec.maxPositions()) {
                throw new IllegalArgumentException(
                        "Row " + row + " has " + length + " tokens; the model takes 1 to " + spec.maxPositions());
            }
        }
        int[] ids = batch.ids();
        for (int i = 0; i < batch.totalTokens(); i++) {
            if (ids[i] < 0 || ids[i] >= spec.vocabulary()) {
                throw new IllegalArgumentException("Token id " + ids[i] + " is outside the model's vocabulary of "
                        + spec.vocabulary() + "; tokenizer.json and the weights belong to different models");
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
