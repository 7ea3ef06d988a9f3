package io.textloom.spark.quarantine;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down why executors were lost, as the driver is told it. */
final class LostExecutors extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(LostExecutors.class);

    private final String application;
    private final CrumbStore store;
    private final Map<String, String> reasons = new HashMap<>();
    private final Set<String> unwanted = new HashSet<>();

    LostExecutors(String application, CrumbStore store) {
        this.application = application;
        this.store = store;
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        record(event.executorId(), event.reason(), false);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.reason() instanceof ExecutorLostFailure lost && !lost.exitCausedByApp()) {
            String reason = lost.reason().isDefined() ? lost.reason().get() : "";
            record(lost.execId(), reason, true);
        }
    }

    private synchronized void record(String executor, String reason, boolean notOurs) {
        reasons.putIfAbsent(executor, reason);
        if (notOurs) {
            unwanted.add(executor);
        }
        try {
            store.write(new Loss(
                    application, executor, reasons.getOrDefault(executor, reason), unwanted.contains(executor)));
        } catch (IOException e) {
            LOG.warn("The end of executor {} cannot be written down; {}", executor, e.getMessage());
        }
    }
}
