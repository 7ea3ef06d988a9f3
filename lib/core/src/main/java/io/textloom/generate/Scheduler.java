package io.textloom.generate;

import io.textloom.runtime.OutOfDeviceMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of all tasks of an executor, and the lanes that serve them: each lane decodes a fixed number of slots, and takes the next sample when one is
 * free. The rows that may become longest begin first, so that slots stay full to the end.
 *
 * <p>Lanes are threads of their own; they start with the first request and sleep while there is none.
 */
final class Scheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    private final LaneFactory factory;
    private int laneCount;
    private final List<Thread> threads = new ArrayList<>();
    private final PriorityQueue<Entry> waiting = new PriorityQueue<>();
    private long submitted;
    private boolean closed;

    /** Makes what a lane's thread runs. */
    @FunctionalInterface
    interface LaneFactory {
        Runnable lane(Scheduler scheduler);
    }

    /** A sample to begin. */
    record Start(Pending pending, int sample) {}

    private record Entry(Pending pending, boolean urgent, long number) implements Comparable<Entry> {
        private static final Comparator<Entry> ORDER = Comparator.comparing((Entry e) -> !e.urgent)
                .thenComparing(e -> -e.pending.sampling.maxNewTokens())
                .thenComparing(e -> -e.pending.ids.length)
                .thenComparing(e -> e.number);

        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }
    }

    Scheduler(int laneCount, LaneFactory factory) {
        this.laneCount = laneCount;
        this.factory = factory;
    }

    synchronized void submit(Pending pending) {
        requireOpen();
        while (threads.size() < laneCount) {
            startLane();
        }
        waiting.add(new Entry(pending, false, submitted++));
        notifyAll();
    }

    private void startLane() {
        Runnable lane;
        try {
            lane = factory.lane(this);
        } catch (OutOfDeviceMemory e) {
            if (threads.isEmpty()) {
                throw e;
            }
            LOG.warn(
                    "There is memory for {} lanes of the {} that were to decode: {}",
                    threads.size(),
                    laneCount,
                    e.getMessage());
            laneCount = threads.size();
            return;
        }
        Thread thread = new Thread(lane, "textloom-generate-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Moves a request before all others: its task can take no more until it is complete. */
    synchronized void hurry(Pending pending) {
        if (waiting.removeIf(e -> e.pending == pending && !e.urgent)) {
            waiting.add(new Entry(pending, true, submitted++));
            notifyAll();
        }
    }

    /** Takes back what a task no longer waits for. */
    synchronized void withdraw(Pending.Run owner) {
        waiting.removeIf(e -> e.pending.owner == owner);
        notifyAll();
    }

    /**
     * The next sample for a lane.
     *
     * @param free slots the lane has free
     * @param idle whether the lane has nothing else to do, and waits
     * @return null if there is none now, or the lane is to end
     */
    synchronized @Nullable Start take(int free, boolean idle) {
        while (!closed) {
            Entry entry = waiting.peek();
            if (entry != null && !entry.pending.hasSampleToStart()) {
                waiting.remove();
                continue;
            }
            if (entry != null && entry.pending.width() <= free) {
                return new Start(entry.pending, entry.pending.startSample());
            }
            if (!idle) {
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    /** The calling lane is gone: nobody may wait for it. The next request starts another. */
    synchronized void fail(RuntimeException cause) {
        threads.remove(Thread.currentThread());
        waiting.forEach(e -> e.pending.owner.failed(cause));
        waiting.clear();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw closure();
        }
    }

    /** What those hear who still wait when the model is closed. */
    static IllegalStateException closure() {
        return new IllegalStateException("The model is closed; open it again");
    }

    /** Waits for the lanes to end; what they were doing is given up. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            ending = List.copyOf(threads);
            waiting.forEach(e -> e.pending.owner.failed(closure()));
            waiting.clear();
            notifyAll();
        }
        boolean interrupted = false;
        for (Thread thread : ending) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
