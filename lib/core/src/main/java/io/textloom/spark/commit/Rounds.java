package io.textloom.spark.commit;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.quarantine.Quarantine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;

/** Runs the tasks of a run, and what is left of them again when executors died, as long as that narrows down the cause. */
final class Rounds {
    private final DocumentTasks tasks;
    private final Quarantine quarantine;
    private final OutputDirectory output;
    private final String runId;

    Rounds(DocumentTasks tasks, Quarantine quarantine, OutputDirectory output, String runId) {
        this.tasks = tasks;
        this.quarantine = quarantine;
        this.output = output;
        this.runId = runId;
    }

    /** @param rows of {@link MarkedDocuments}, at least one partition */
    List<TaskReport> run(JavaRDD<InternalRow> rows, Documents documents) throws IOException {
        Exception failure;
        try {
            return tasks.run(rows, documents);
        } catch (Exception e) { // Spark throws checked exceptions that Java does not see
            failure = e;
        }
        boolean inParts = tasks.mayCut();
        while (true) {
            quarantine.requireNarrower(failure, inParts);
            inParts = false;
            List<TaskReport> reports = new ArrayList<>(output.finishedTasks(runId));
            boolean[] finished = new boolean[rows.getNumPartitions()];
            reports.forEach(report -> finished[report.partition()] = true);
            int[] left = IntStream.range(0, finished.length)
                    .filter(i -> !finished[i])
                    .toArray();
            try {
                reports.addAll(tasks.again(rows, left));
                return reports;
            } catch (Exception e) {
                failure = e;
            }
        }
    }
}
