package io.textloom.spark.lineage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a job as a lineage service sees it: one event at its start and one at its end. Does nothing where OpenLineage is not configured, and a service that fails
 * is a warning: a run never fails for it.
 */
public final class LineageRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineageRun.class);

    private final SparkSession spark;
    private final Facts facts;
    private final @Nullable RunEvents events;
    private final @Nullable Transport transport;
    private final Thread stopped = new Thread(() -> ended("ABORT", "The process was stopped"), "textloom-lineage-stop");
    private List<LineageDataset> inputs = List.of();
    private boolean open;

    /**
     * What is known at the start.
     *
     * @param model facts of the model, without secrets: name → value
     */
    public record Facts(
            String job,
            String jobName,
            List<String> inputs,
            String output,
            SortedMap<String, String> versions,
            SortedMap<String, String> model) {}

    /**
     * What a run made.
     *
     * @param rows,bytes,files the output's after the run
     * @param counts of this run: name → number
     */
    public record Result(
            StructType schema,
            long rows,
            long bytes,
            long files,
            SortedMap<String, Long> counts,
            Optional<Cost> cost) {}

    private LineageRun(SparkSession spark, Facts facts, @Nullable RunEvents events, @Nullable Transport transport) {
        this.spark = spark;
        this.facts = facts;
        this.events = events;
        this.transport = transport;
    }

    /** Tells of the start, where lineage is configured. */
    public static LineageRun start(SparkSession spark, Facts facts) {
        Optional<LineageOptions> options =
                LineageOptions.of(spark.sparkContext().getConf());
        LineageRun run = new LineageRun(spark, facts, null, null);
        if (options.isPresent()) {
            try {
                Transport transport = Transport.of(options.get().transport());
                run = new LineageRun(spark, facts, new RunEvents(facts, options.get(), UUID.randomUUID()), transport);
                run.begin();
            } catch (RuntimeException e) {
                warn(e);
            }
        }
        return run;
    }

    private synchronized void begin() {
        open = true;
        try {
            Runtime.getRuntime().addShutdownHook(stopped);
        } catch (IllegalStateException e) {
            LOG.debug("The process is stopping already", e);
        }
        try {
            inputs = InputDatasets.of(spark, facts.inputs());
        } catch (Exception e) { // Spark throws checked exceptions that are not declared
            warn(e);
        }
        RunEvents made = events;
        if (made != null) {
            emit(made.start(inputs));
        }
    }

    /** Tells of the success. @param result asked for only where it is told */
    public synchronized void complete(Supplier<Result> result) {
        if (open && events != null) {
            try {
                end(events.complete(inputs, result.get()));
            } catch (RuntimeException e) {
                warn(e);
            }
        }
    }

    /** Tells why the run ended without success: it failed, or it was stopped. */
    public void failed(Throwable thrown) {
        boolean aborted = spark.sparkContext().isStopped();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            aborted |= cause instanceof InterruptedException;
        }
        ended(aborted ? "ABORT" : "FAIL", String.valueOf(thrown.getMessage()));
    }

    private synchronized void ended(String type, String message) {
        if (open && events != null) {
            end(events.ended(type, inputs, message));
        }
    }

    private void end(String event) {
        open = false;
        emit(event);
    }

    private void emit(String event) {
        try {
            if (transport != null) {
                transport.emit(event);
            }
        } catch (IOException | RuntimeException e) {
            warn(e);
        }
    }

    private static void warn(Exception e) {
        LOG.warn(
                "OpenLineage is not told of this run: {}; check spark.openlineage.transport.*",
                Redaction.text(e.getClass().getSimpleName() + " " + e.getMessage()));
    }

    /** Lets the process end without another event. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopped);
        } catch (IllegalStateException e) {
            LOG.debug("The process is stopping already", e);
        }
    }
}
