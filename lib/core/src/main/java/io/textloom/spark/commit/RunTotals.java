package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.lineage.Provenance;
import io.textloom.spark.stage.Meter;
import io.textloom.token.Lengths;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Sums of the reports of one run. */
final class RunTotals {
    private final TreeMap<String, Long> rejectedByCode = new TreeMap<>();
    private Meter meter = Meter.ZERO;
    private long rowsRead;
    private long rowsSkipped;
    private long duplicatesDropped;
    private long documentsOut;
    private long rowsReplaced;
    private long rowsDeleted;
    private long rowsOut;
    private long rowsRemoved;
    private long errorsRemoved;
    private long ledgerRemoved;

    /** Of a run that knew all rows again. */
    static RunTotals skipped(InputState known) {
        RunTotals totals = new RunTotals();
        totals.rowsRead = known.rowsRead();
        totals.duplicatesDropped = known.duplicatesDropped();
        totals.rowsSkipped = known.rowsRead() - known.duplicatesDropped();
        return totals;
    }

    void add(TaskReport report) {
        rowsRead += report.rowsRead();
        rowsSkipped += report.rowsSkipped();
        duplicatesDropped += report.duplicatesDropped();
        documentsOut += report.documentsOut();
        rowsReplaced += report.rowsReplaced();
        report.rejectedByCode().forEach((code, n) -> rejectedByCode.merge(code, n, Long::sum));
        meter = meter.plus(report.meter());
        for (TaskReport.StagedFile file : report.files()) {
            rowsOut += file.kind() == Kind.ROWS ? file.rows() : 0;
            rowsDeleted += file.kind() == Kind.VANISHED ? file.rows() : 0;
        }
    }

    RunTotals with(List<TaskReport> reports) {
        reports.forEach(this::add);
        return this;
    }

    /** Counts older rows that a rewrite took out. */
    void rewritten(Replacement.Rewritten rewritten) {
        Kind kind = rewritten.old().get(0).kind();
        long removed = rewritten.old().stream().mapToLong(Manifest.File::rows).sum()
                - rewritten.files().stream()
                        .mapToLong(TaskReport.StagedFile::rows)
                        .sum();
        switch (kind) {
            case ROWS -> rowsRemoved += removed;
            case ERRORS -> errorsRemoved += removed;
            case LEDGER -> ledgerRemoved += removed;
            case LINES, VANISHED -> throw new IllegalStateException(kind + " are not rewritten");
        }
    }

    /** Output rows the run wrote. */
    long rowsOut() {
        return rowsOut;
    }

    Meter meter() {
        return meter;
    }

    /**
     * @param inherited counts of the tasks that were taken over
     * @param files of rows that this commit adds
     */
    Manifest.Run run(
            String id,
            String resumedFrom,
            Instant at,
            double seconds,
            Meter inherited,
            List<Manifest.File> files,
            Provenance provenance) {
        TreeMap<String, Lengths.Summary> lengths = new TreeMap<>();
        meter.plus(inherited).lengths().forEach((tokenizer, all) -> lengths.put(tokenizer, all.summary()));
        return new Manifest.Run(
                id,
                at.minusMillis((long) (seconds * 1000)).toString(),
                resumedFrom,
                rowsRead,
                rowsSkipped,
                documentsOut,
                rowsReplaced,
                rowsDeleted,
                rejectedByCode,
                meter.tokens(),
                meter.paddedTokens(),
                seconds,
                meter.modelNanos() / 1e9,
                meter.tokenizerNanos() / 1e9,
                meter.usefulFlops() / 1e9,
                lengths,
                FileTokens.of(files),
                provenance);
    }

    /** Totals of the output after this run. A ledger row removed is a document or an error of before. */
    Manifest.Counts onTopOf(Manifest.Counts before) {
        long rejected =
                rejectedByCode.values().stream().mapToLong(Long::longValue).sum();
        long documents = before.documentsOut() + documentsOut - (ledgerRemoved - errorsRemoved);
        long errors = before.rowsRejected() + rejected - errorsRemoved;
        return new Manifest.Counts(
                documents + errors + duplicatesDropped,
                before.rowsOut() + rowsOut - rowsRemoved,
                documents,
                errors,
                duplicatesDropped,
                before.tokens() + meter.tokens(),
                before.truncatedRows() + meter.truncatedRows(),
                before.droppedTokens() + meter.droppedTokens());
    }
}
