package io.textloom.spark.commit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Small steps at a file system, several at a time: each waits for a server, and in an object store a move waits for a copy. */
final class Together {
    private static final int THREADS = 16;

    private Together() {}

    /** One step. */
    interface Step<T> {
        void on(T item) throws IOException;
    }

    /**
     * Does a step for every item, in no order, and returns when none is under way. After a step that fails no other begins.
     *
     * @throws IOException of the first step that failed, the others of it suppressed
     */
    static <T> void each(List<T> items, Step<T> step) throws IOException {
        if (items.size() < 2) {
            for (T item : items) {
                step.on(item);
            }
            return;
        }
        Queue<T> rest = new ConcurrentLinkedQueue<>(items);
        int threads = Math.min(THREADS, items.size());
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "textloom-commit");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> {
                    try {
                        for (T item = rest.poll(); item != null; item = rest.poll()) {
                            step.on(item);
                        }
                        return null;
                    } catch (IOException | RuntimeException e) {
                        rest.clear();
                        throw e;
                    }
                }));
            }
            join(workers, rest);
        } finally {
            pool.shutdown();
        }
    }

    /** Waits for all of them, also when this thread is interrupted: whoever holds the output's lock must not let it go before. */
    private static void join(List<Future<?>> workers, Queue<?> rest) throws IOException {
        boolean interrupted = false;
        @Nullable Throwable failure = null;
        for (Future<?> worker : workers) {
            while (true) {
                try {
                    worker.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    rest.clear();
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    if (failure == null) {
                        failure = cause;
                    } else if (failure != cause) {
                        failure.addSuppressed(cause);
                    }
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        if (interrupted) {
            throw new InterruptedIOException("The commit was interrupted; run the same command again to finish it");
        }
    }
}
