package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.Intake;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run has to do: the input's rows, with those marked that are done.
 *
 * @param rows of {@link MarkedDocuments}
 * @param taken what the run builds upon without committing it first
 */
record WorkToDo(Dataset<Row> rows, Interrupted taken) {
    private static final Logger LOG = LoggerFactory.getLogger(WorkToDo.class);

    /**
     * @param before the last commit
     * @param interrupted what an overwrite that was killed had finished; its staging goes if that is of no use
     * @throws OutputException if rows must go that cannot be taken out of the output
     */
    static WorkToDo of(
            RunSetup setup,
            OutputDirectory output,
            OutputLayout layout,
            Optional<Manifest> before,
            Interrupted interrupted,
            Documents documents)
            throws IOException {
        WorkToDo work = marked(setup, output, layout.keptPartitionColumns(), before, interrupted, documents);
        return setup.stage().packsDocuments()
                ? new WorkToDo(work.rows.sortWithinPartitions(Intake.ID), work.taken)
                : work;
    }

    private static WorkToDo marked(
            RunSetup setup,
            OutputDirectory output,
            List<String> partitionBy,
            Optional<Manifest> before,
            Interrupted interrupted,
            Documents documents)
            throws IOException {
        ResumeOptions resume = setup.options().resume();
        if (setup.options().mode() == RunMode.RESUME && before.isPresent()) {
            boolean drop = resume.deleted() == Deleted.DROP;
            Dataset<Row> rows = MarkedDocuments.mark(
                    documents,
                    setup.readLedger(output.paths(before.get().files(), Kind.LEDGER)),
                    new MarkedDocuments.Rules(resume.retryErrors(), setup.dropsDuplicates(), drop),
                    partitionBy);
            if (setup.stage().packsDocuments()) {
                requireNoneReplaced(rows);
            }
            return new WorkToDo(rows, interrupted);
        }
        if (!interrupted.isEmpty()) {
            Dataset<Row> rest = MarkedDocuments.mark(
                    documents,
                    setup.readLedger(output.staged(interrupted.run(), interrupted.tasks(), Kind.LEDGER)),
                    new MarkedDocuments.Rules(RetryErrors.NONE, setup.dropsDuplicates(), true),
                    partitionBy);
            if (rest.filter(col(MarkedDocuments.REPLACES_ANY)).isEmpty()) {
                return new WorkToDo(rest, interrupted);
            }
            output.clearStaging();
            LOG.info(
                    "Rows that the interrupted run {} had finished have changed or vanished since; the overwrite"
                            + " starts over",
                    interrupted.run());
        }
        return new WorkToDo(MarkedDocuments.unmarked(documents, partitionBy), Interrupted.NONE);
    }

    /** A document cannot be cut out of rows that it shares with others. */
    private static void requireNoneReplaced(Dataset<Row> marked) {
        List<Row> replaced = marked.filter(col(MarkedDocuments.REPLACES_ROWS))
                .select(Intake.ID, MarkedDocuments.HAS_VANISHED)
                .limit(1)
                .collectAsList();
        if (!replaced.isEmpty()) {
            boolean vanished = replaced.get(0).getBoolean(1);
            throw new OutputException("The document " + replaced.get(0).getString(0) + " is in the output's blocks and "
                    + (vanished ? "no longer in the input" : "has changed") + ", and cannot be cut out of them;"
                    + " make them anew with --mode overwrite, or choose another --output"
                    + (vanished ? ", or leave it there with --deleted keep" : ""));
        }
    }
}
