package io.textloom.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Keys and values in the process's memory: the CPU computes there. */
final class HostKv implements KvMemory {
    private final DecoderShape shape;
    private final OnnxJavaType type;
    /** Of one head's vector; unit: bytes */
    private final int vector;

    HostKv(DecoderShape shape) {
        this.shape = shape;
        this.type = OrtApi.javaType(shape.kvType());
        this.vector = shape.headSize() * shape.kvType().bytes();
    }

    @Override
    public int mostTokens(int rows) {
        return (int) (Integer.MAX_VALUE / ((long) rows * shape.kvHeads() * vector));
    }

    @Override
    public Area allocate(int rows, int capacity, boolean clear) {
        long bytes = (long) rows * shape.kvHeads() * capacity * vector;
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A KV cache of " + rows + " slots and " + capacity + " tokens needs "
                    + bytes + " bytes a layer, more than " + Integer.MAX_VALUE + "; lower generate.slots");
        }
        try {
            return new HostArea(new NativeBytes((int) bytes), capacity);
        } catch (OutOfMemoryError e) {
            throw new OutOfDeviceMemory(
                    "No memory for a KV cache of " + shape.kvBytes((long) rows * capacity) + " bytes (" + rows
                            + " slots, " + capacity + " tokens each); lower generate.slots or generate.kvMemory",
                    e);
        }
    }

    @Override
    public void copy(Tokens from, Tokens to, int count) {
        for (int i = 0; i < to.areas().size(); i++) {
            HostArea source = (HostArea) from.areas().get(i);
            HostArea target = (HostArea) to.areas().get(i);
            for (int head = 0; head < shape.kvHeads(); head++) {
                target.values()
                        .put(
                                target.start(to.row(), head, to.first()),
                                source.values(),
                                source.start(from.row(), head, from.first()),
                                count * vector);
            }
        }
    }

    @Override
    public String place() {
        return "the process's memory";
    }

    @Override
    public Logits logits(int slots, int vocabulary) throws OrtException {
        return new RowOutputs(slots, vocabulary);
    }

    @Override
    public void close() {}

    private final class HostArea implements Area {
        private final NativeBytes memory;
        private final int capacity;

        HostArea(NativeBytes memory, int capacity) {
            this.memory = memory;
            this.capacity = capacity;
        }

        ByteBuffer values() {
            return memory.values();
        }

        int start(int row, int head, int token) {
            return ((row * shape.kvHeads() + head) * capacity + token) * vector;
        }

        @Override
        public int capacity() {
            return capacity;
        }

        @Override
        public OnnxTensor rows(int first, int count) throws OrtException {
            ByteBuffer view =
                    values().slice(start(first, 0, 0), start(count, 0, 0)).order(ByteOrder.nativeOrder());
            long[] dimensions = {count, shape.kvHeads(), capacity, shape.headSize()};
            return OnnxTensor.createTensor(OrtRuntime.environment(), view, dimensions, type);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
