package io.textloom.train.heads;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** One native thread while heads are trained: their products are small, and several threads wait for each other for longer than they compute. The numbers from before come back on close. */
final class Dl4jThreads implements AutoCloseable {
    private final int blas = Nd4j.factory().blas().getMaxThreads();
    private final NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    private final int threads = ops.ompGetMaxThreads();

    Dl4jThreads() {
        set(1, 1);
    }

    /** For the calling thread, whose number is its own. */
    static void one() {
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }

    private void set(int ofBlas, int ofOps) {
        Nd4j.factory().blas().setMaxThreads(ofBlas);
        ops.setOmpNumThreads(ofOps);
    }

    @Override
    public void close() {
        set(blas, threads);
    }
}
