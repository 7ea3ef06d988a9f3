package io.textloom.runtime;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Bytes outside the Java heap that are given back when closed. Direct buffers of the JDK would do but for three things: they are freed some time after
 * nobody uses them, together they may not be larger than the heap, and they lie on small pages, on which reading a cache from end to end is slower.
 */
final class NativeBytes implements AutoCloseable {
    /** unit: bytes */
    private static final int HUGE_PAGE = 2 << 20;
    /** Of vector registers and cache lines; unit: bytes */
    private static final int CACHE_LINE = 64;
    /** Linux's {@code MADV_HUGEPAGE}. */
    private static final int USE_HUGE_PAGES = 14;

    private final Memory memory;
    private final ByteBuffer values;

    /**
     * All zero.
     *
     * @throws OutOfMemoryError if the machine has not that much
     */
    NativeBytes(int count) {
        long bytes = Math.max(1, count);
        int alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
        memory = new Memory(bytes + alignment);
        long shift = Math.floorMod(-Pointer.nativeValue(memory), (long) alignment);
        if (alignment == HUGE_PAGE) {
            askForHugePages(memory.share(shift), bytes);
        }
        memory.clear();
        values = memory.getByteBuffer(shift, count).order(ByteOrder.nativeOrder());
    }

    /** Has to be asked before the memory is first written; what comes of it is the system's business. */
    private static void askForHugePages(Pointer start, long bytes) {
        Function advise = Advice.FUNCTION;
        if (advise != null) {
            advise.invokeInt(new Object[] {start, new NativeLong(bytes), USE_HUGE_PAGES});
        }
    }

    /** Looked up once. */
    private static final class Advice {
        static final @Nullable Function FUNCTION = find();

        private static @Nullable Function find() {
            try {
                return Platform.isLinux() ? NativeLibrary.getInstance("c").getFunction("madvise") : null;
            } catch (UnsatisfiedLinkError e) {
                return null;
            }
        }
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
