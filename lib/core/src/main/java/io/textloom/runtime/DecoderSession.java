package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.ModelException;
import io.textloom.model.Weights;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A decoder model in native memory: weights only. What a task decodes is kept in its own {@link DecodeState}.
 *
 * <p>Safe for concurrent use: one session serves all tasks of an executor. {@link #close} waits for running calls; a call after it throws.
 */
public final class DecoderSession implements AutoCloseable {
    private final OrtSession session;
    private final DecoderShape shape;
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    private DecoderSession(OrtSession session, DecoderShape shape) {
        this.session = session;
        this.shape = shape;
    }

    /**
     * Opens a GPT-2 model.
     *
     * @param folder where the weights' files are
     * @param threads native threads of one call; unit: threads
     */
    public static DecoderSession open(Gpt2Spec spec, Weights weights, Path folder, int threads) {
        byte[] graph = Gpt2Graph.build(spec, weights);
        try {
            return new DecoderSession(
                    DecoderSessionOptions.open(graph, weights.folder(), threads),
                    new DecoderShape(
                            spec.layers(), spec.heads(), spec.headSize(), spec.positions(), spec.vocabularySize()));
        } catch (OrtException e) {
            throw new ModelException("ONNX Runtime cannot open the model of " + folder + ": " + e.getMessage(), e);
        }
    }

    public DecoderShape shape() {
        return shape;
    }

    /**
     * A decode state of its own for one task.
     *
     * @param slots rows decoded together
     * @param expectedLength room made at first for each row; it grows when a row needs more; unit: tokens
     */
    public DecodeState newState(int slots, int expectedLength) {
        return new DecodeState(this, slots, expectedLength);
    }

    /** Runs the graph; every output is written into a tensor of the caller. */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The decoder session is closed");
            }
            session.run(inputs, pinnedOutputs).close();
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime failed in a decoder call: " + e.getMessage(), e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new InferenceException("ONNX Runtime failed to close a decoder session: " + e.getMessage(), e);
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
