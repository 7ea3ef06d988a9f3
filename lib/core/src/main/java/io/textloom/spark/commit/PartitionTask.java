package io.textloom.spark.commit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.lineage.Machine;
import io.textloom.spark.quarantine.Flight;
import io.textloom.spark.quarantine.Trail;
import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * One task of a job: rows of {@link MarkedDocuments} in; staging files and a {@link TaskReport} out. The report is written to staging last, under its final
 * name by one rename, so a task that finished stays finished even if the driver dies.
 */
final class PartitionTask implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String INTAKE = "intake";

    private final Stage stage;
    private final OutputLayout layout;
    private final TableFormat rows;
    private final TableFormat errors;
    private final TableFormat ledger;
    private final String staging;
    private final boolean dropDuplicates;
    private final boolean cards;
    private final SerializableConfiguration conf;
    private final LongAccumulator rowsDone;
    private final LongAccumulator tokensDone;

    /** @param cards whether the stage uses the card that Spark gives a task */
    PartitionTask(
            Stage stage,
            OutputLayout layout,
            TableFormat rows,
            TableFormat errors,
            TableFormat ledger,
            String staging,
            boolean dropDuplicates,
            boolean cards,
            SerializableConfiguration conf,
            LongAccumulator rowsDone,
            LongAccumulator tokensDone) {
        this.stage = stage;
        this.layout = layout;
        this.rows = rows;
        this.errors = errors;
        this.ledger = ledger;
        this.staging = staging;
        this.dropDuplicates = dropDuplicates;
        this.cards = cards;
        this.conf = conf;
        this.rowsDone = rowsDone;
        this.tokensDone = tokensDone;
    }

    /** @param parts results of the documents that are done in parts; closed here */
    Iterator<TaskReport> call(int partition, Iterator<InternalRow> input, JoinedParts parts, Trail trail)
            throws IOException {
        TaskContext context = TaskContext.get();
        long attempt = context == null ? 0 : context.taskAttemptId();
        try (TableWriters writers = new TableWriters(staging, partition + "-" + attempt, stage.fileTokens())) {
            Share share = new Share(input, parts, writers);
            Meter meter;
            try (parts;
                    Flight flight = trail.begin(partition, conf.value());
                    Stage.Work work = stage.open(conf.value())) {
                share.work(work, flight);
                parts.finish();
                meter = work.meter().plus(parts.meter()).on(Machine.ofTask(cards));
            } catch (RuntimeException | Error e) {
                writers.close();
                writers.delete(conf.value());
                throw e;
            }
            if (partition == 0) {
                writers.touch(Kind.ROWS, rows, "");
                writers.touch(Kind.ERRORS, errors, "");
                writers.touch(Kind.LEDGER, ledger, "");
            }
            TaskReport report = share.report(partition, attempt, writers.finish(), meter);
            publish(report);
            return List.of(report).iterator();
        }
    }

    private void publish(TaskReport report) throws IOException {
        Path directory = new Path(staging);
        FileSystem fs = directory.getFileSystem(conf.value());
        String name = "task-" + report.partition() + "-" + report.attempt() + ".json";
        WholeFiles.create(fs, new Path(directory, name), new ObjectMapper().writeValueAsBytes(report));
    }

    /** The counts and open ends of one attempt. */
    private final class Share implements Iterator<Document> {
        private final Iterator<InternalRow> input;
        private final JoinedParts parts;
        private final TableWriters writers;
        private final TreeMap<String, Long> rejectedByCode = new TreeMap<>();
        private long rowsRead;
        private long rowsSkipped;
        private long duplicatesDropped;
        private long documentsOut;
        private long rowsReplaced;
        private @Nullable Document next;

        Share(Iterator<InternalRow> input, JoinedParts parts, TableWriters writers) {
            this.input = input;
            this.parts = parts;
            this.writers = writers;
        }

        void work(Stage.Work work, Flight flight) {
            Iterator<Outcome> outcomes = flight.over(work, this);
            long tokens = 0;
            while (outcomes.hasNext()) {
                write(outcomes.next());
                long now = work.tokens();
                if (now != tokens) {
                    tokensDone.add(now - tokens);
                    tokens = now;
                }
            }
        }

        private void write(Outcome outcome) {
            if (outcome instanceof Outcome.Produced produced) {
                Document document = produced.document();
                Object[] values = produced.values();
                writers.write(
                        Kind.ROWS,
                        rows,
                        layout.directory(values, document.kept(), MarkedDocuments.KEPT),
                        layout.row(values, document.kept(), MarkedDocuments.KEPT),
                        produced.tokens());
                if (produced.last()) {
                    done(document);
                }
            } else if (outcome instanceof Outcome.Packed packed) {
                writers.write(
                        Kind.ROWS,
                        rows,
                        layout.directory(packed.values(), InternalRow.empty(), 0),
                        layout.row(packed.values()),
                        packed.tokens());
            } else if (outcome instanceof Outcome.Taken taken) {
                done(taken.document());
            } else if (outcome instanceof Outcome.Rejected rejected) {
                Document document = rejected.document();
                reject(
                        document.idUtf8(),
                        document.contentHash(),
                        stage.name(),
                        rejected.rejection(),
                        document.text(),
                        MarkedDocuments.attempt(document));
            }
        }

        private void done(Document document) {
            documentsOut++;
            rowsDone.add(1);
            record(document.idUtf8(), document.contentHash(), null, MarkedDocuments.attempt(document));
        }

        TaskReport report(int partition, long attempt, List<TaskReport.StagedFile> files, Meter meter) {
            return new TaskReport(
                    partition,
                    attempt,
                    files,
                    rowsRead,
                    rowsSkipped,
                    duplicatesDropped,
                    documentsOut,
                    rowsReplaced,
                    rejectedByCode,
                    meter);
        }

        @Override
        public boolean hasNext() {
            while (next == null && input.hasNext()) {
                next = take(input.next());
            }
            return next != null;
        }

        @Override
        public Document next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            Document document = next;
            next = null;
            return document;
        }

        private @Nullable Document take(InternalRow row) {
            if (row.getBoolean(MarkedDocuments.VANISHED)) {
                writers.write(
                        Kind.VANISHED,
                        ledger,
                        "",
                        LedgerTable.vanished(
                                row.getUTF8String(MarkedDocuments.ID).clone()));
                return null;
            }
            rowsRead++;
            String code = row.isNullAt(MarkedDocuments.CODE)
                    ? ""
                    : row.getUTF8String(MarkedDocuments.CODE).toString();
            if (dropDuplicates && code.equals(RejectCode.DUPLICATE_ID.name())) {
                duplicatesDropped++;
                rowsDone.add(1);
                return null;
            }
            if (row.getBoolean(MarkedDocuments.DONE)) {
                rowsSkipped++;
                rowsDone.add(1);
                return null;
            }
            rowsReplaced += row.getBoolean(MarkedDocuments.REPLACES) ? 1 : 0;
            if (code.isEmpty()) {
                Document document = MarkedDocuments.document(row);
                if (!parts.include(row)) {
                    return document;
                }
                parts.join(document).forEachRemaining(this::write);
                return null;
            }
            String message = row.getUTF8String(MarkedDocuments.MESSAGE).toString();
            String raw = row.isNullAt(MarkedDocuments.RAW)
                    ? ""
                    : row.getUTF8String(MarkedDocuments.RAW).toString();
            reject(
                    row.getUTF8String(MarkedDocuments.ID).clone(),
                    row.getUTF8String(MarkedDocuments.HASH).clone(),
                    INTAKE,
                    new Rejection(RejectCode.valueOf(code), message),
                    raw,
                    row.getInt(MarkedDocuments.TRIED) + 1);
            return null;
        }

        private void reject(
                UTF8String id, UTF8String hash, String where, Rejection rejection, String input, int attempt) {
            writers.write(Kind.ERRORS, errors, "", ErrorTable.row(id.toString(), where, rejection, input, attempt));
            TaskReport.count(rejectedByCode, rejection.code().name());
            rowsDone.add(1);
            record(id, hash, UTF8String.fromString(rejection.code().name()), attempt);
        }

        private void record(UTF8String id, UTF8String hash, @Nullable UTF8String code, int attempt) {
            writers.write(Kind.LEDGER, ledger, "", LedgerTable.row(id, hash, code, attempt));
        }
    }
}
