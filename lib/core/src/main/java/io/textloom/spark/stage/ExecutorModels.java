package io.textloom.spark.stage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models this executor holds: each is opened once and shared by all tasks.
 *
 * <p>A model without a lease stays open for the next task until {@link #MAX_IDLE} others are idle too. A model is closed when it is evicted and its
 * last lease was given back, never under a running call.
 */
public final class ExecutorModels {
    /** Idle models kept open; unit: models. */
    private static final int MAX_IDLE = 2;

    /** The project's one mutable static: native sessions belong to the process, not to a task. */
    private static final ExecutorModels INSTANCE = new ExecutorModels();

    private final Map<Record, Entry> entries = new LinkedHashMap<>();
    private long opened;

    ExecutorModels() {}

    public static ExecutorModels instance() {
        return INSTANCE;
    }

    /**
     * Leases the model of that key, opening it if no task has.
     *
     * @param key says all that distinguishes one opened model from another
     */
    public <M extends AutoCloseable> Lease<M> lease(Record key, Class<M> type, Supplier<M> opener) {
        Entry entry;
        synchronized (this) {
            entry = entries.computeIfAbsent(key, k -> new Entry());
            entry.leases++;
        }
        try {
            return new Lease<>(this, key, type.cast(entry.open(this, opener)));
        } catch (RuntimeException | Error e) {
            giveBack(key);
            throw e;
        }
    }

    /** Models opened since the process started. */
    public synchronized long opened() {
        return opened;
    }

    private synchronized int holders(Record key) {
        Entry entry = entries.get(key);
        return entry == null ? 0 : entry.leases;
    }

    private void giveBack(Record key) {
        List<Entry> evicted = new ArrayList<>();
        synchronized (this) {
            Entry entry = entries.remove(key);
            if (entry == null) {
                throw new IllegalStateException("A lease was given back twice: " + key);
            }
            entry.leases--;
            entries.put(key, entry);
            long idle = entries.values().stream().filter(e -> e.leases == 0).count();
            var oldest = entries.values().iterator();
            while (idle > MAX_IDLE && oldest.hasNext()) {
                Entry candidate = oldest.next();
                if (candidate.leases == 0) {
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

        /** Leases of this model now, this one counted. */
        public int holders() {
            return owner.holders(key);
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
        private int leases;
        private @Nullable AutoCloseable model;

        synchronized AutoCloseable open(ExecutorModels owner, Supplier<? extends AutoCloseable> opener) {
            if (model == null) {
                model = opener.get();
                synchronized (owner) {
                    owner.opened++;
                }
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
