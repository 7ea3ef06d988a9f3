package io.textloom.spark.quarantine;

import io.textloom.spark.stage.Stage;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;

/**
 * How the tasks of a run leave crumbs, and whether there are some to follow. Travels to executors.
 *
 * @param staging of the run
 * @param partitions number of them
 * @param background whether the stage computes on threads of its own, which go on while their task stands still
 * @param oneByOne whether the stage is through with a document when it asks for the next, and its work must not be cut into several
 * @param followed whether every attempt looks for crumbs, not only those that Spark repeats
 * @param inherited what earlier runs left
 */
public record Trail(
        String staging, int partitions, boolean background, boolean oneByOne, boolean followed, List<Crumb> inherited)
        implements Serializable {
    public Trail {
        inherited = List.copyOf(inherited);
    }

    /** @param inherited what earlier runs left */
    public static Trail of(String staging, int partitions, Stage stage, List<Crumb> inherited) {
        return new Trail(
                staging,
                partitions,
                stage.computesInBackground(),
                stage.packsDocuments(),
                !inherited.isEmpty(),
                inherited);
    }

    /** The same for tasks that are run again because their processes died. */
    public Trail again() {
        return new Trail(staging, partitions, background, oneByOne, true, inherited);
    }

    /** Before an attempt opens anything native. */
    public Flight begin(int partition, Configuration conf) throws IOException {
        TaskContext context = TaskContext.get();
        boolean repeated = context != null && (context.attemptNumber() > 0 || context.stageAttemptNumber() > 0);
        long attempt = context == null ? 0 : context.taskAttemptId();
        return new Flight(
                this,
                partition,
                attempt,
                followed || repeated,
                CrumbStore.open(staging, conf),
                WorkerProcess.current(),
                Aboard.ofProcess());
    }
}
