package io.textloom.bench.embed;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do the same work side by side. */
final class Callers {
    private Callers() {}

    /**
     * @param work returns the operations done; each caller calls it once
     * @return of all callers together; unit: operations/s
     */
    static double rate(int callers, Callable<Double> work) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            long start = System.nanoTime();
            double operations = 0;
            for (Future<Double> done : pool.invokeAll(Collections.nCopies(callers, work))) {
                operations += done.get();
            }
            return operations / ((System.nanoTime() - start) / 1e9);
        } finally {
            pool.shutdown();
        }
    }
}
