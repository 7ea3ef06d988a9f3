package io.textloom.bench.gpu;

import io.textloom.runtime.EncoderSession;
import io.textloom.runtime.OutOfDeviceMemory;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast one session works off batches; several callers share it, as the tasks of an executor do.
 *
 * @param callers threads that call at the same time
 * @param seconds measured for each figure, after half of it to warm up
 */
record Throughput(EncoderSession session, int callers, double seconds) {
    /**
     * One figure.
     *
     * @param budget padded size of one batch; unit: tokens
     * @param tokensPerSecond padding not counted
     * @param tflops useful ones, padding not counted; unit: TFLOP/s
     * @param padding real tokens over padded ones
     */
    record Figure(String workload, int budget, double tokensPerSecond, double tflops, double padding) {}

    /** What was worked off; unit: tokens, FLOP */
    private record Done(long tokens, long padded, double flops) {
        Done plus(Done other) {
            return new Done(tokens + other.tokens, padded + other.padded, flops + other.flops);
        }
    }

    /** Empty if a batch of this size does not fit the device. */
    Optional<Figure> measure(Workload workload, int budget) throws InterruptedException {
        List<TokenBatch> batches = workload.batches(budget, session.spec().vocabulary());
        try {
            run(batches, seconds / 2);
            long start = System.nanoTime();
            Done done = run(batches, seconds);
            double taken = (System.nanoTime() - start) / 1e9;
            return Optional.of(new Figure(
                    workload.title(),
                    budget,
                    done.tokens / taken,
                    done.flops / taken / 1e12,
                    (double) done.tokens / done.padded));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutOfDeviceMemory) {
                return Optional.empty();
            }
            throw new IllegalStateException("A batch failed: " + e.getCause(), e);
        }
    }

    private Done run(List<TokenBatch> batches, double duration) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            long end = System.nanoTime() + (long) (duration * 1e9);
            AtomicInteger next = new AtomicInteger();
            List<Future<Done>> shares = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                shares.add(pool.submit(() -> work(batches, next, end)));
            }
            Done done = new Done(0, 0, 0);
            for (Future<Done> share : shares) {
                done = done.plus(share.get());
            }
            return done;
        } finally {
            pool.shutdownNow();
        }
    }

    private Done work(List<TokenBatch> batches, AtomicInteger next, long end) {
        float[] out = new float[0];
        long tokens = 0;
        long padded = 0;
        double flops = 0;
        do {
            TokenBatch batch = batches.get(Math.floorMod(next.getAndIncrement(), batches.size()));
            int places = batch.size() * session.spec().hidden();
            out = out.length < places ? new float[places] : out;
            session.run(batch, out);
            tokens += batch.totalTokens();
            padded += (long) batch.size() * batch.maxLength();
            for (int row = 0; row < batch.size(); row++) {
                flops += session.spec().flops(batch.length(row));
            }
        } while (System.nanoTime() < end);
        return new Done(tokens, padded, flops);
    }
}
