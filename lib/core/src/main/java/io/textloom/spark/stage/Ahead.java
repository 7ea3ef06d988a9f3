package io.textloom.spark.stage;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A task's second thread, for work that may be done ahead; started when it is first wanted. No two jobs run at a time, whichever thread does them. */
final class Ahead implements AutoCloseable {
    private static final long CLOSE_WAIT_SECONDS = 60;

    private final String threadName;
    private @Nullable ExecutorService thread;

    Ahead(String threadName) {
        this.threadName = threadName;
    }

    /** What a job gives. */
    interface Result<T> {
        /** Waits for the job, or does it now. */
        T get();
    }

    /** @param now whether the job starts on the other thread; else it is done by whoever asks for its result */
    <T> Result<T> run(boolean now, Supplier<T> job) {
        FutureTask<T> task = new FutureTask<>(() -> {
            // a job that waits for whoever asks may be asked for while a later one runs on the other thread
            synchronized (this) {
                return job.get();
            }
        });
        if (now) {
            if (thread == null) {
                thread = Executors.newSingleThreadExecutor(r -> {
                    Thread t = new Thread(r, threadName);
                    t.setDaemon(true);
                    return t;
                });
            }
            thread.execute(task);
        }
        return () -> {
            if (!now) {
                task.run();
            }
            return await(task);
        };
    }

    private static <T> T await(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The task was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits for the job under way, whose buffers somebody else gets next; in a task that is killed, too. */
    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        thread.shutdown();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_WAIT_SECONDS);
        boolean interrupted = false;
        try {
            while (!thread.isTerminated()) {
                try {
                    if (!thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        throw new IllegalStateException(threadName + " does not end");
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
