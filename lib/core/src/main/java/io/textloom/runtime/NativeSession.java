package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.textloom.model.ModelException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An ONNX Runtime session that many threads may run and that never closes under a running call: {@link #close} waits for them.
 */
final class NativeSession implements AutoCloseable {
    private final OrtSession session;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private NativeSession(OrtSession session) {
        this.session = session;
    }

    /**
     * @param graph an ONNX model
     * @param weightsFolder where the graph's external initializers lie; empty if it has none
     * @param threads native threads of one call, the caller's own included
     * @throws ModelException if ONNX Runtime does not take the graph
     */
    static NativeSession open(byte[] graph, Optional<Path> weightsFolder, int threads) {
        try {
            return new NativeSession(OrtRuntime.open(graph, weightsFolder, threads));
        } catch (OrtException e) {
            throw new ModelException(
                    "ONNX Runtime cannot open the model"
                            + weightsFolder.map(f -> " in " + f).orElse("") + ": " + e.getMessage(),
                    e);
        }
    }

    /** Runs into buffers that the caller owns. */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) throws OrtException {
        enter();
        try {
            session.run(inputs, pinnedOutputs).close();
        } finally {
            leave();
        }
    }

    private void enter() {
        OrtRuntime.enter();
        lock.readLock().lock();
        if (closed) {
            leave();
            throw new IllegalStateException("The model session is closed; open the model again");
        }
    }

    private void leave() {
        lock.readLock().unlock();
        OrtRuntime.leave();
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot close a session", e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
