package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.textloom.tensor.DataType;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys, values and logits in the memory of the device that computes: a step moves token ids there and back, the logits only when they are read. */
final class DeviceKv implements KvMemory, RoundTrip.Transfer {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceKv.class);

    /** Zeros that go to the device at a time; unit: bytes */
    private static final int ZEROS = 1 << 24;

    private static final DataType WORD = DataType.INT32;

    private final NativeSession session;
    private final DecoderShape shape;
    private final DeviceMemory memory;
    private final TensorCopies copies;
    /** Of one head's vector; unit: words */
    private final long vectorWords;

    private final String place;

    private DeviceKv(NativeSession session, DecoderShape shape, DeviceMemory memory, TensorCopies copies)
            throws OrtException {
        this.place = memory.name() + " memory of " + session.device();
        this.session = session;
        this.shape = shape;
        this.memory = memory;
        this.copies = copies;
        this.vectorWords = (long) shape.headSize() * shape.kvType().bytes() / WORD.bytes();
    }

    /** Opens a memory, or says by an exception why it cannot be. */
    @FunctionalInterface
    interface Opener {
        KvMemory open(NativeSession session, DecoderShape shape) throws OrtException;
    }

    /** On the session's device, and in the process's memory where that cannot be; the log then says why. */
    static KvMemory orHost(NativeSession session, DecoderShape shape, Opener opener) {
        try {
            return opener.open(session, shape);
        } catch (OutOfDeviceMemory e) {
            throw e;
        } catch (OrtException | RuntimeException | LinkageError e) {
            LOG.warn(
                    "Keys and values of {} stay in the process's memory and cross the bus in every step: {}",
                    session.device(),
                    e.getMessage());
            return new HostKv(shape);
        }
    }

    /**
     * Opens the memory and checks it by a round trip.
     *
     * @param session that computes with what will lie there
     * @throws IllegalStateException if ONNX Runtime is another than expected, or what comes back is not what went there
     */
    static KvMemory open(NativeSession session, DecoderShape shape) throws OrtException {
        OrtApi api = OrtApi.of(OrtRuntime.environment().getVersion());
        if (shape.headSize() * shape.kvType().bytes() % WORD.bytes() != 0) {
            throw new IllegalStateException("A head's vector is " + shape.headSize() + " of " + shape.kvType()
                    + "; expected a multiple of " + WORD.bytes() + " bytes");
        }
        DeviceMemory memory = session.use(s -> new DeviceMemory(api, s, DecoderGraph.pastKey(0)));
        try {
            TensorCopies copies = new TensorCopies(session.device());
            try {
                DeviceKv kv = new DeviceKv(session, shape, memory, copies);
                RoundTrip.check(kv, kv, shape);
                LOG.info("Keys and values lie in {}", kv.place);
                return kv;
            } catch (RuntimeException | OrtException e) {
                copies.close();
                throw e;
            }
        } catch (RuntimeException | OrtException e) {
            memory.close();
            throw e;
        }
    }

    @Override
    public int mostTokens(int rows) {
        return Integer.MAX_VALUE;
    }

    @Override
    public Area allocate(int rows, int capacity, boolean clear) {
        long bytes = (long) rows * shape.kvHeads() * capacity * vectorWords * WORD.bytes();
        try {
            DeviceMemory.Buffer buffer = session.use(s -> memory.allocate(bytes));
            try {
                if (clear) {
                    clear(buffer);
                }
                return new DeviceArea(buffer, capacity);
            } catch (OrtException | RuntimeException e) {
                buffer.close();
                throw e;
            }
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /** The allocator gives what others left; a card's kernels may read behind the end of a row, to multiply it by zero. */
    private void clear(DeviceMemory.Buffer buffer) throws OrtException {
        try (NativeBytes zeros = new NativeBytes((int) Math.min(ZEROS, buffer.size()))) {
            for (long at = 0; at < buffer.size(); at += ZEROS) {
                int bytes = (int) Math.min(ZEROS, buffer.size() - at);
                long words = bytes / WORD.bytes();
                IntBuffer part = zeros.values().asIntBuffer().slice(0, (int) words);
                try (OnnxTensor from = words(part);
                        OnnxTensor to = buffer.tensor(at, WORD, words)) {
                    copies.move(from, to);
                }
            }
        }
    }

    @Override
    public void copy(Tokens from, Tokens to, int count) {
        List<OnnxTensor> sources = new ArrayList<>();
        List<OnnxTensor> targets = new ArrayList<>();
        try {
            for (int i = 0; i < to.areas().size(); i++) {
                sources.add(((DeviceArea) from.areas().get(i)).words(from.row()));
                targets.add(((DeviceArea) to.areas().get(i)).words(to.row()));
            }
            copies.tokens(sources, from.first(), targets, to.first(), count);
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            sources.forEach(OnnxTensor::close);
            targets.forEach(OnnxTensor::close);
        }
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public Logits logits(int slots, int vocabulary) throws OrtException {
        DeviceMemory.Buffer buffer =
                session.use(s -> memory.allocate((long) slots * vocabulary * DataType.FLOAT32.bytes()));
        return new DeviceLogits(buffer, copies, slots, vocabulary);
    }

    @Override
    public void write(IntBuffer values, Area area) throws OrtException {
        try (OnnxTensor from = words(values);
                OnnxTensor to = ((DeviceArea) area).all()) {
            copies.move(from, to);
        }
    }

    @Override
    public void read(Area area, IntBuffer values) throws OrtException {
        try (OnnxTensor from = ((DeviceArea) area).all();
                OnnxTensor to = words(values)) {
            copies.move(from, to);
        }
    }

    /** @param values direct */
    static OnnxTensor words(IntBuffer values) throws OrtException {
        return OnnxTensor.createTensor(OrtRuntime.environment(), values, new long[] {values.remaining()});
    }

    private static InferenceException failure(OrtException e) {
        return new InferenceException("ONNX Runtime cannot keep a KV cache on the device: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        copies.close();
        memory.close();
    }

    private final class DeviceArea implements Area {
        private final DeviceMemory.Buffer buffer;
        private final int capacity;

        DeviceArea(DeviceMemory.Buffer buffer, int capacity) {
            this.buffer = buffer;
            this.capacity = capacity;
        }

        @Override
        public int capacity() {
            return capacity;
        }

        @Override
        public OnnxTensor rows(int first, int count) throws OrtException {
            return buffer.tensor(
                    first * rowBytes(), shape.kvType(), count, shape.kvHeads(), capacity, shape.headSize());
        }

        OnnxTensor words(int row) throws OrtException {
            return buffer.tensor(row * rowBytes(), WORD, shape.kvHeads(), capacity, vectorWords);
        }

        OnnxTensor all() throws OrtException {
            return buffer.tensor(0, WORD, buffer.size() / WORD.bytes());
        }

        private long rowBytes() {
            return (long) shape.kvHeads() * capacity * vectorWords * WORD.bytes();
        }

        @Override
        public void close() {
            buffer.close();
        }
    }
}
