package io.textloom.spark.commit;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.lineage.RunObserver;
import io.textloom.spark.quarantine.Quarantine;
import io.textloom.spark.quarantine.Remains;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;

/** Computes what a run has to do, by tasks that write into its staging. */
final class Computation {
    private final RunSetup setup;
    private final RunObserver observer;
    private final OutputDirectory output;
    private final OutputLayout layout;

    Computation(RunSetup setup, RunObserver observer, OutputDirectory output, OutputLayout layout) {
        this.setup = setup;
        this.observer = observer;
        this.output = output;
        this.layout = layout;
    }

    /**
     * @param staging of the run, which is there
     * @param remains of processes that died in earlier runs
     */
    List<TaskReport> run(String runId, String staging, WorkToDo work, Documents documents, Remains remains)
            throws IOException {
        SerializableConfiguration conf = new SerializableConfiguration(setup.hadoop());
        RunTables tables = new RunTables(setup, layout, runId, staging);
        PartitionTask task = new PartitionTask(
                setup.stage().reading(documents.kept()),
                layout,
                tables.rows(),
                tables.errors(),
                tables.ledger(),
                staging,
                setup.dropsDuplicates(),
                setup.usesCards(),
                conf,
                setup.rowsDone(),
                setup.tokensDone());
        JavaRDD<InternalRow> input = partitions(work);
        observer.phase(RunObserver.COMPUTE);
        try (Quarantine quarantine = Quarantine.open(
                setup.spark().sparkContext(), staging, input.getNumPartitions(), setup.stage(), remains)) {
            DocumentTasks tasks = new DocumentTasks(
                    task,
                    setup.stage().splitting(),
                    setup.stage().taskSize(),
                    setup.spark().sparkContext().defaultParallelism(),
                    conf,
                    setup.tokensDone(),
                    quarantine);
            return new Rounds(tasks, quarantine, output, runId).run(input, documents);
        }
    }

    /** Spark plans an input that it knows to be empty without tasks; one task must write the empty tables. */
    private JavaRDD<InternalRow> partitions(WorkToDo work) {
        JavaRDD<InternalRow> rows = work.rows().queryExecution().toRdd().toJavaRDD();
        return rows.getNumPartitions() > 0
                ? rows
                : JavaSparkContext.fromSparkContext(setup.spark().sparkContext())
                        .parallelize(List.of(), 1);
    }
}
