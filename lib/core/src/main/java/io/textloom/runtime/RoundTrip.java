package io.textloom.runtime;

import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;

/** Whether a memory for keys and values does what it should: some go there, are copied, and come back. */
final class RoundTrip {
    private static final int ROWS = 2;
    private static final int CAPACITY = 8;
    private static final int FROM = 2;
    private static final int TO = 4;
    private static final int COUNT = 3;

    private RoundTrip() {}

    /** Brings areas to and from the memory, each vector as 32-bit words. */
    interface Transfer {
        void write(IntBuffer values, KvMemory.Area area) throws OrtException;

        void read(KvMemory.Area area, IntBuffer values) throws OrtException;
    }

    /** @throws IllegalStateException if what comes back is not what should */
    static void check(KvMemory memory, Transfer transfer, DecoderShape shape) {
        int width = shape.headSize() * shape.kvType().bytes() / Integer.BYTES;
        int row = shape.kvHeads() * CAPACITY * width;
        IntBuffer values = ByteBuffer.allocateDirect(ROWS * row * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        try (KvMemory.Area area = memory.allocate(ROWS, CAPACITY, true)) {
            transfer.read(area, values);
            requireEqual(values, ROWS * row, i -> 0);
            for (int i = 0; i < ROWS * row; i++) {
                values.put(i, i);
            }
            transfer.write(values, area);
            List<KvMemory.Area> areas = List.of(area);
            memory.copy(new KvMemory.Tokens(areas, 0, FROM), new KvMemory.Tokens(areas, 1, TO), COUNT);
            values.put(0, -1);
            transfer.read(area, values);
            requireEqual(values, ROWS * row, i -> {
                int token = i / width % CAPACITY;
                boolean copied = i >= row && token >= TO && token < TO + COUNT;
                return copied ? i - row + (FROM - TO) * width : i;
            });
        } catch (OrtException e) {
            throw new IllegalStateException("the check of the device's memory failed: " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Expected {
        int at(int index);
    }

    private static void requireEqual(IntBuffer found, int count, Expected expected) {
        for (int i = 0; i < count; i++) {
            if (found.get(i) != expected.at(i)) {
                throw new IllegalStateException("the check of the device's memory failed: word " + i + " is "
                        + found.get(i) + ", expected " + expected.at(i));
            }
        }
    }
}
