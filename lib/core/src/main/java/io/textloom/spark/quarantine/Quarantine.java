package io.textloom.spark.quarantine;

import io.textloom.spark.stage.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.SparkContext;
import org.apache.spark.unsafe.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's part of one run: hears of lost executors and decides whether to go on after them. */
public final class Quarantine implements AutoCloseable {
    /** More are no matter of single rows. */
    static final int MAX_CONDEMNED = 100;

    private static final int MAX_ROUNDS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    /** What Spark says where a job fails for executors that are gone: their tasks, or what they held for others. */
    private static final List<String> OF_LOSS =
            List.of("ExecutorLostFailure", "FetchFailed", "MetadataFetchFailed", "maximum allowable number of times");

    private final SparkContext spark;
    private final CrumbStore store;
    private final Trail trail;
    private final LostExecutors listener;
    private long known;
    private int rounds = 1;

    private Quarantine(SparkContext spark, CrumbStore store, Trail trail) {
        this.spark = spark;
        this.store = store;
        this.trail = trail;
        listener = new LostExecutors(spark.applicationId(), store);
        known = Evidence.weight(trail.inherited(), Causes.now(store));
        spark.addSparkListener(listener);
    }

    /**
     * @param staging of this run
     * @param partitions that it has
     * @param remains of earlier runs
     */
    public static Quarantine open(SparkContext spark, String staging, int partitions, Stage stage, Remains remains)
            throws IOException {
        CrumbStore store = CrumbStore.open(staging, spark.hadoopConfiguration());
        remains.copyTo(store);
        return new Quarantine(spark, store, Trail.of(staging, partitions, stage, remains.crumbs()));
    }

    public Trail trail() {
        return trail;
    }

    /** Whether large documents may be done in parts: not if a process crashed when they were, since parts leave no crumbs. */
    public boolean mayCut() {
        Causes causes = Causes.now(store);
        int points = 0;
        for (Crumb crumb : trail.inherited()) {
            points += crumb.level() == Crumb.Level.PARTS
                    ? causes.apply(crumb.process()).verdict().points()
                    : 0;
        }
        return points < Verdict.CRASHED.points();
    }

    /** Work with parts; ends with what is returned. */
    public Parts parts() throws IOException {
        return new Parts(store, new Crumb(-1, 0, 0, WorkerProcess.current(), Crumb.Level.PARTS, false, List.of()));
    }

    /** What says that parts are under way. */
    public static final class Parts implements AutoCloseable {
        private final CrumbStore store;
        private final Crumb crumb;

        private Parts(CrumbStore store, Crumb crumb) throws IOException {
            this.store = store;
            this.crumb = crumb;
            store.write(crumb);
        }

        @Override
        public void close() throws IOException {
            store.delete(crumb);
        }
    }

    /**
     * After a job failed. Returns if it failed for lost executors and more is known of the cause than before, so that running the unfinished partitions again
     * leads on; throws else, what was thrown if executors are not the reason.
     *
     * @param inParts whether the job that failed did large documents in parts, which the next does not
     * @throws LostExecutorsException if no row can be named, or too many
     */
    public void requireNarrower(Exception failure, boolean inParts) throws IOException {
        if (!isOfLoss(failure)) {
            Platform.throwException(failure);
        }
        List<Crumb> dead = new ArrayList<>();
        for (Crumb crumb : store.crumbs()) {
            if (!crumb.process().isRunningHere()) {
                dead.add(crumb);
            }
        }
        Causes causes = Causes.soon(store, spark.applicationId());
        long weight = Evidence.weight(dead, causes);
        long condemned = Evidence.of(dead, 0, 0, causes).condemned();
        if (condemned > MAX_CONDEMNED || ++rounds > MAX_ROUNDS) {
            throw new LostExecutorsException(
                    condemned + " rows each killed the process they were computed in, which is no matter of single rows"
                            + " (" + reasons(dead, causes)
                            + "); check the model and the native libraries with a few rows,"
                            + " --limit 10 --master local[1]",
                    failure);
        }
        if (weight <= known && !inParts) {
            throw new LostExecutorsException(
                    "Executors died under the partitions " + partitions(dead) + " (" + reasons(dead, causes)
                            + ") and no row can be named as the cause; look into the executors' logs, and give them more"
                            + " memory (spark.executor.memoryOverhead) if they were killed for it",
                    failure);
        }
        LOG.warn(
                "executors died ({}); the unfinished partitions are run again in smaller steps, {} rows are left out so far",
                reasons(dead, causes),
                condemned);
        known = weight;
    }

    @Override
    public void close() {
        spark.removeSparkListener(listener);
    }

    static boolean isOfLoss(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (OF_LOSS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    private static String reasons(List<Crumb> dead, Causes causes) {
        TreeSet<String> reasons = new TreeSet<>();
        dead.forEach(crumb -> reasons.add(causes.apply(crumb.process()).what()));
        return reasons.isEmpty() ? Cause.UNKNOWN.what() : String.join("; ", reasons);
    }

    private static String partitions(List<Crumb> dead) {
        TreeSet<Integer> partitions = new TreeSet<>();
        dead.forEach(crumb -> partitions.add(crumb.partition()));
        return partitions.toString();
    }
}
