package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Pointer;
import io.textloom.tensor.DataType;

/** Memory of the device that a session computes on, from the session's own allocator. What was taken may be given back after the session's end. */
final class DeviceMemory implements AutoCloseable {
    private final OrtApi api;
    private final Pointer allocator;
    /** Buffers that are not closed, and one while this is not. */
    private int users = 1;

    private boolean closed;

    /** @param input of the session; the memory is where the session wants it */
    DeviceMemory(OrtApi api, OrtSession session, String input) throws OrtException {
        this.api = api;
        this.allocator = api.allocator(session, input);
    }

    /** @throws OrtException if the device has no room; in ONNX Runtime's words */
    synchronized Buffer allocate(long bytes) throws OrtException {
        Buffer buffer = new Buffer(api.allocate(allocator, bytes), bytes);
        users++;
        return buffer;
    }

    private synchronized void leave() {
        if (--users == 0) {
            api.release(allocator);
        }
    }

    /** What ONNX Runtime calls it. */
    String name() throws OrtException {
        return api.name(allocator);
    }

    /** Ends with the last buffer. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            leave();
        }
    }

    /** Some of it, not set to anything. */
    final class Buffer implements AutoCloseable {
        private final Pointer address;
        private final long bytes;
        private boolean freed;

        private Buffer(Pointer address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        /** unit: bytes */
        long size() {
            return bytes;
        }

        /**
         * A tensor over a part of it; to be closed before it.
         *
         * @param offset unit: bytes
         */
        OnnxTensor tensor(long offset, DataType type, long... shape) throws OrtException {
            return api.tensor(allocator, address.share(offset), type, shape);
        }

        @Override
        public void close() {
            if (!freed) {
                freed = true;
                try {
                    api.free(allocator, address);
                } catch (OrtException e) {
                    throw new IllegalStateException("ONNX Runtime cannot free memory of the device", e);
                } finally {
                    leave();
                }
            }
        }
    }
}
