package io.textloom.runtime;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Bytes outside the Java heap that are given back when closed. Direct buffers of the JDK would do but for two things: they are freed some time after
 * nobody uses them, and together they may not be larger than the heap.
 */
final class NativeBytes implements AutoCloseable {
    /** Of vector registers and cache lines; unit: bytes */
    private static final int ALIGNMENT = 64;

    private final Memory memory;
    private final ByteBuffer values;

    /**
     * All zero.
     *
     * @throws OutOfMemoryError if the machine has not that much
     */
    NativeBytes(int count) {
        memory = new Memory((long) Math.max(1, count) + ALIGNMENT);
        long shift = (ALIGNMENT - com.sun.jna.Pointer.nativeValue(memory) % ALIGNMENT) % ALIGNMENT;
        memory.clear();
        values = memory.getByteBuffer(shift, count).order(ByteOrder.nativeOrder());
    }

    /** In the machine's byte order; not to be used after {@link #close}. */
    ByteBuffer values() {
        return values;
    }

    @Override
    public void close() {
        memory.close();
    }
}
