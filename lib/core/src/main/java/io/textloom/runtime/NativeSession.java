package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.textloom.model.ModelException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An ONNX Runtime session on one device, that many threads may run and that never closes under a running call: {@link #close} waits for them.
 */
final class NativeSession implements AutoCloseable {
    private final OrtSession session;
    private final Device device;
    private final Call call;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /** One native call; tests put in one that fails. */
    @FunctionalInterface
    interface Call {
        void run(OrtSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs)
                throws OrtException;
    }

    /** What is done with the native session. */
    @FunctionalInterface
    interface Use<T> {
        T of(OrtSession session) throws OrtException;
    }

    private NativeSession(OrtSession session, Device device, Call call) {
        this.session = session;
        this.device = device;
        this.call = call;
    }

    /** On the CPU. */
    static NativeSession open(byte[] graph, Optional<Path> weightsFolder, int threads) {
        return open(graph, weightsFolder, Device.CPU, threads);
    }

    /**
     * @param graph an ONNX model
     * @param weightsFolder where the graph's external initializers lie; empty if it has none
     * @param threads native threads of one call, the caller's own included
     * @throws ModelException if ONNX Runtime does not take the graph
     * @throws OutOfDeviceMemory if the device has no room for it
     * @throws IllegalArgumentException if the device's provider is missing or cannot be loaded
     */
    static NativeSession open(byte[] graph, Optional<Path> weightsFolder, Device device, int threads) {
        return open(
                graph,
                weightsFolder,
                device,
                threads,
                (session, inputs, outputs) -> session.run(inputs, outputs).close());
    }

    static NativeSession open(byte[] graph, Optional<Path> weightsFolder, Device device, int threads, Call call) {
        try {
            return new NativeSession(OrtRuntime.open(graph, weightsFolder, device, threads), device, call);
        } catch (OrtException e) {
            if (OutOfDeviceMemory.caused(e)) {
                throw OutOfDeviceMemory.of(device, e);
            }
            throw new ModelException(
                    "ONNX Runtime cannot open the model"
                            + weightsFolder.map(f -> " in " + f).orElse("")
                            + (device.equals(Device.CPU) ? "" : " on " + device)
                            + ": " + e.getMessage(),
                    e);
        }
    }

    /**
     * Runs into buffers that the caller owns.
     *
     * @throws OutOfDeviceMemory if the device has too little memory for this call alone
     */
    void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> pinnedOutputs) throws OrtException {
        use(s -> {
            call.run(s, inputs, pinnedOutputs);
            return s;
        });
    }

    /**
     * Does something with the native session while it is open. What found too little memory is done once more without others beside it, so that a batch
     * fails for its own size and never for its neighbours'.
     *
     * @throws OutOfDeviceMemory if the device has too little memory for this alone
     */
    <T> T use(Use<T> use) throws OrtException {
        try {
            return use(lock.readLock(), use);
        } catch (OrtException e) {
            if (!OutOfDeviceMemory.caused(e)) {
                throw e;
            }
            return useAlone(use);
        }
    }

    private <T> T useAlone(Use<T> use) throws OrtException {
        try {
            return use(lock.writeLock(), use);
        } catch (OrtException e) {
            if (OutOfDeviceMemory.caused(e)) {
                throw OutOfDeviceMemory.of(device, e);
            }
            throw e;
        }
    }

    private <T> T use(Lock held, Use<T> use) throws OrtException {
        OrtRuntime.enter();
        try {
            held.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("The model session is closed; open the model again");
                }
                return use.of(session);
            } finally {
                held.unlock();
            }
        } finally {
            OrtRuntime.leave();
        }
    }

    Device device() {
        return device;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                if (OrtRuntime.tryEnter()) {
                    try {
                        session.close();
                    } finally {
                        OrtRuntime.leave();
                    }
                }
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot close a session", e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
