package io.textloom.runtime;

import ai.onnxruntime.OrtException;
import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.token.TokenBatch;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An encoder that turns token batches into text vectors, token vectors, or both. Safe for concurrent use; {@link #close} waits for running calls.
 */
public final class EncoderSession implements Encoder {
    private static final float[] NOTHING = new float[0];
    private static final int[] NONE_WANTED = new int[0];

    private final EncoderSpec spec;
    private final EncoderGraph graph;
    private final NativeSession session;
    private final ConcurrentLinkedQueue<EncoderBuffers> buffers = new ConcurrentLinkedQueue<>();

    private EncoderSession(EncoderSpec spec, EncoderGraph graph, NativeSession session) {
        this.spec = spec;
        this.graph = graph;
        this.session = session;
    }

    /** On the CPU. */
    public static EncoderSession open(ModelFolder folder, EncoderRequest request, int threads) {
        return open(folder, request, Device.CPU, threads);
    }

    /**
     * @param threads native threads of one call; 1 where several tasks call at the same time
     * @throws io.textloom.model.ModelException if the folder's weights do not fit its config.json
     * @throws IllegalArgumentException if the model cannot give what is asked for
     */
    public static EncoderSession open(ModelFolder folder, EncoderRequest request, Device device, int threads) {
        return open(folder.encoderSpec(), EncoderGraphs.of(folder, request, device), device, threads);
    }

    /**
     * Opens a fine-tuned model with its head: rows, tokens or both are logits.
     *
     * @throws io.textloom.model.ModelException if the folder has no such head
     */
    public static EncoderSession open(ModelFolder folder, HeadRequest request, Device device, int threads) {
        return open(folder.encoderSpec(), HeadGraphs.of(folder, request, device), device, threads);
    }

    static EncoderSession open(EncoderSpec spec, EncoderGraph graph, int threads) {
        return open(spec, graph, Device.CPU, threads);
    }

    static EncoderSession open(EncoderSpec spec, EncoderGraph graph, Device device, int threads) {
        return new EncoderSession(
                spec, graph, NativeSession.open(graph.model(), graph.weightsFolder(), device, threads));
    }

    @Override
    public EncoderSpec spec() {
        return spec;
    }

    @Override
    public int rowWidth() {
        return graph.rowWidth();
    }

    @Override
    public int tokenWidth() {
        return graph.tokenWidth();
    }

    /** Whether the session gives the vectors of wanted tokens alone. */
    public boolean gathers() {
        return graph.gathers();
    }

    /** {@link #run(TokenBatch, float[], float[])} for a session without token vectors. */
    public void run(TokenBatch batch, float[] rows) {
        run(batch, rows, NOTHING);
    }

    /** Runs one batch, padded on the right to its longest row. */
    @Override
    public void run(TokenBatch batch, float[] rows, float[] tokens) {
        run(batch, NONE_WANTED, rows, tokens);
    }

    /**
     * {@link #run(TokenBatch, float[], float[])} for a session that gives some tokens alone.
     *
     * @param wanted places in the batch's ids, at least one; empty for a session that gives all
     * @param tokens float[wanted * tokenWidth], row-major, overwritten
     */
    public void run(TokenBatch batch, int[] wanted, float[] rows, float[] tokens) {
        check(batch, wanted, rows, tokens);
        EncoderBuffers workspace = buffers.poll();
        if (workspace == null) {
            workspace = new EncoderBuffers(graph);
        }
        try {
            workspace.run(session, batch, wanted, rows, tokens);
            buffers.add(workspace);
        } catch (OrtException e) {
            throw new InferenceException(
                    "ONNX Runtime failed on a batch of " + batch.size() + " rows, the longest of " + batch.maxLength()
                            + " tokens: " + e.getMessage(),
                    e);
        }
    }

    private void check(TokenBatch batch, int[] wanted, float[] rows, float[] tokens) {
        int given = gathers() ? wanted.length : batch.totalTokens();
        if (batch.size() == 0
                || given == 0
                || rows.length < batch.size() * rowWidth()
                || tokens.length < given * tokenWidth()) {
            throw new IllegalArgumentException("The batch has " + batch.size() + " rows of " + given
                    + " tokens and the outputs " + rows.length + " and " + tokens.length
                    + " places; expected at least one row and token, " + rowWidth() + " places for each row and "
                    + tokenWidth()
                    + " for each token");
        }
        for (int row = 0; row < batch.size(); row++) {
            int length = batch.length(row);
            if (length < 1 || length > spec.maxPositions()) {
                throw new IllegalArgumentException(
                        "Row " + row + " has " + length + " tokens; the model takes 1 to " + spec.maxPositions());
            }
        }
        for (int place : wanted) {
            if (place < 0 || place >= batch.totalTokens()) {
                throw new IllegalArgumentException(
                        "Token " + place + " is wanted of a batch of " + batch.totalTokens() + " tokens");
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
