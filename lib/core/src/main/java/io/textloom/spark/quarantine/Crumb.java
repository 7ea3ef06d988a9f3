package io.textloom.spark.quarantine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.Serializable;
import java.util.List;

/**
 * What an attempt of a task has in flight, written down before it computes and removed when it ends in Java, however it ends. One that stays behind says
 * that the process died under the attempt.
 *
 * @param partitions of which {@code partition} is one; the numbers mean the same rows where this is the same
 * @param attempt Spark's number of the attempt
 * @param sole whether nothing else was computed in the process
 * @param rows in flight; empty where they are not known by name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Crumb(
        int partition,
        int partitions,
        long attempt,
        WorkerProcess process,
        Level level,
        boolean sole,
        List<RowName> rows)
        implements Serializable {
    /** How many rows were in flight. */
    public enum Level {
        /** Parts of large documents, of any partition. */
        PARTS,
        /** Any of the partition's rows. */
        FREE,
        /** Those that are named. */
        GROUP,
        /** The one that is named. */
        ALONE
    }

    public Crumb {
        rows = List.copyOf(rows);
    }

    static Crumb free(int partition, int partitions, long attempt, WorkerProcess process) {
        return new Crumb(partition, partitions, attempt, process, Level.FREE, false, List.of());
    }

    Crumb group(List<RowName> names) {
        return new Crumb(partition, partitions, attempt, process, Level.GROUP, false, names);
    }

    Crumb alone(RowName name, boolean soleInProcess) {
        return new Crumb(partition, partitions, attempt, process, Level.ALONE, soleInProcess, List.of(name));
    }

    String fileName() {
        return partition + "-" + attempt + "-" + process.key() + ".json";
    }
}
