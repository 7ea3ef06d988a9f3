package io.textloom.fuzz;

import com.sun.management.ThreadMXBean;
import io.textloom.fuzz.Verdict.Fault;
import java.lang.management.ManagementFactory;
import java.util.Objects;

/** Runs inputs on the calling thread and judges them by what they threw, allocated and took. */
final class Trial {
    /** Of processor time, which other processes of the machine do not lengthen; unit: nanoseconds */
    static final long MAX_CPU_NANOS = 1_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;
    private final long maxNanos;

    /** @param timed whether inputs that take over a second are faults, too */
    Trial(FuzzTarget target, boolean timed) {
        this.target = target;
        this.maxNanos = timed ? MAX_CPU_NANOS : Long.MAX_VALUE;
    }

    Verdict judge(byte[] input) {
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long nanosBefore = THREADS.getCurrentThreadCpuTime();
        long feature = 0;
        Throwable thrown = null;
        try {
            feature = target.body().run(input);
        } catch (Throwable t) {
            thrown = t;
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - nanosBefore;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        if (thrown != null && !target.allows(thrown)) {
            return new Verdict(Fault.UNTYPED, place(thrown), place(thrown).hashCode());
        }
        if (bytes > target.allowedBytes(input.length)) {
            return new Verdict(
                    Fault.ALLOCATION,
                    bytes + " bytes for an input of " + input.length + ", allowed are "
                            + target.allowedBytes(input.length),
                    1);
        }
        if (nanos > maxNanos) {
            return new Verdict(Fault.SLOW, nanos / 1_000_000 + " ms of processor time", 2);
        }
        return new Verdict(Fault.NONE, "", thrown == null ? accepted(feature, bytes) : refused(thrown));
    }

    private static long accepted(long feature, long bytes) {
        return Objects.hash("accepted", feature, 64 - Long.numberOfLeadingZeros(bytes));
    }

    /** The message without what differs from input to input. */
    private static long refused(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        StringBuilder plain = new StringBuilder(thrown.getClass().getName());
        for (int i = 0; i < Math.min(message.length(), 200); i++) {
            char c = message.charAt(i);
            if (c >= 'a' && c <= 'z' || c == ' ') {
                plain.append(c);
            }
        }
        return Objects.hash(plain.substring(0, Math.min(plain.length(), 120)));
    }

    /** The exception and the first of our own lines that it came through. */
    private static String place(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String name = frame.getClassName();
            if (name.startsWith("io.textloom.") && !name.startsWith("io.textloom.fuzz.")) {
                return thrown.getClass().getName() + " at " + frame;
            }
        }
        return thrown.getClass().getName();
    }
}
