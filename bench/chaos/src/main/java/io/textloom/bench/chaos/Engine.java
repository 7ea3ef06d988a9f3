package io.textloom.bench.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the tasks of a job run. */
interface Engine extends AutoCloseable {
    String label();

    /** Whether executors are processes of their own. */
    boolean anyExecutorPossible();

    /** Tasks at a time. */
    int cores();

    /** Starts a job. @param hadoop settings of its file systems as {@code key=value} */
    Child start(String name, List<String> hadoop, List<String> jars, List<String> arguments)
            throws IOException, InterruptedException;

    /** An executor that is a process of its own and was started after a driver, if there is one. */
    Optional<ProcessHandle> anyExecutor(Child driver);

    /** Ends a worker in order and starts another in its place. @return false if there is none */
    boolean replaceWorker() throws IOException, InterruptedException;

    @Override
    void close();
}
