package io.textloom.spark.stage;

import io.textloom.runtime.Device;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models this executor holds: each is opened once for each device and shared by all tasks of that device.
 *
 * <p>A model without a lease stays open for the next task until {@link #MAX_IDLE} others of its device are idle too. A model is closed when it is evicted and its
 * last lease was given back, never under a running call.
 */
public final class ExecutorModels {
    /** Idle models kept open on each device; unit: models. */
    private static final int MAX_IDLE = 2;

    /** The project's one mutable static: native sessions belong to the process, not to a task. */
    private static final ExecutorModels INSTANCE = new ExecutorModels();

    private final Map<Record, Entry> entries = new LinkedHashMap<>();
    private final Map<Record, Use> uses = new HashMap<>();
    private long opened;

    ExecutorModels() {}

    public static ExecutorModels instance() {
        return INSTANCE;
    }

    /**
     * How often a model was asked for.
     *
     * @param opened times it was opened; more than once only if it was closed in between
     * @param leased leases given, those given back included
     * @param inUse leases not given back
     */
    public record Use(long opened, long leased, int inUse) {}

    /** Leases the model of that key for the CPU, opening it if no task has. */
    public <M extends AutoCloseable> Lease<M> lease(Record key, Class<M> type, Supplier<M> opener) {
        return lease(key, Device.CPU, type, opener);
    }

    /**
     * Leases the model of that key, opening it if no task has.
     *
     * @param key says all that distinguishes one opened model from another, its device included
     * @param device whose memory the model takes
     */
    public <M extends AutoCloseable> Lease<M> lease(Record key, Device device, Class<M> type, Supplier<M> opener) {
        Entry entry;
        synchronized (this) {
            entry = entries.computeIfAbsent(key, k -> new Entry(device));
            entry.inUse++;
            uses.merge(key, new Use(0, 1, 1), ExecutorModels::sum);
        }
        try {
            return new Lease<>(this, key, type.cast(entry.open(this, key, opener)));
        } catch (RuntimeException | Error e) {
            giveBack(key);
            throw e;
        }
    }

    /** Models opened since the process started. */
    public synchronized long opened() {
        return opened;
    }

    /** What became of a key since the process started. */
    synchronized Use use(Record key) {
        return uses.getOrDefault(key, new Use(0, 0, 0));
    }

    private synchronized void countOpened(Record key) {
        opened++;
        uses.merge(key, new Use(1, 0, 0), ExecutorModels::sum);
    }

    private static Use sum(Use a, Use b) {
        return new Use(a.opened + b.opened, a.leased + b.leased, a.inUse + b.inUse);
    }

    private void giveBack(Record key) {
        List<Entry> evicted = new ArrayList<>();
        synchronized (this) {
            Entry entry = entries.remove(key);
            if (entry == null) {
                throw new IllegalStateException("A lease was given back twice: " + key);
            }
            entry.inUse--;
            uses.merge(key, new Use(0, 0, -1), ExecutorModels::sum);
            entries.put(key, entry);
            long idle = entries.values().stream()
                    .filter(e -> e.isIdleOn(entry.device))
                    .count();
            var oldest = entries.values().iterator();
            while (idle > MAX_IDLE && oldest.hasNext()) {
                Entry candidate = oldest.next();
                if (candidate.isIdleOn(entry.device)) {
                    oldest.remove();
                    evicted.add(candidate);
                    idle--;
                }
            }
        }
        evicted.forEach(Entry::close);
    }

    /** A model in use; closing it gives it back. */
    public static final class Lease<M extends AutoCloseable> implements AutoCloseable {
        private final ExecutorModels owner;
        private final Record key;
        private final M model;
        private boolean closed;

        private Lease(ExecutorModels owner, Record key, M model) {
            this.owner = owner;
            this.key = key;
            this.model = model;
        }

        public M model() {
            return model;
        }

        /** Opens what works on the model; if that fails, the model is given back. */
        public <E> E opening(Function<M, E> engine) {
            try {
                return engine.apply(model);
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        /** Leases of this model now, this one counted. */
        public int holders() {
            return owner.use(key).inUse();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                owner.giveBack(key);
            }
        }
    }

    private static final class Entry {
        private final Device device;
        private int inUse;
        private @Nullable AutoCloseable model;

        Entry(Device device) {
            this.device = device;
        }

        boolean isIdleOn(Device asked) {
            return inUse == 0 && device.equals(asked);
        }

        synchronized AutoCloseable open(ExecutorModels owner, Record key, Supplier<? extends AutoCloseable> opener) {
            if (model == null) {
                model = opener.get();
                owner.countOpened(key);
            }
            return model;
        }

        synchronized void close() {
            if (model != null) {
                try {
                    model.close();
                } catch (Exception e) {
                    throw new IllegalStateException("A model could not be closed", e);
                }
            }
        }
    }
}
