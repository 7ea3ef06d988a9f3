package io.textloom.spark.plan;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Runs a stage over some documents of the sample as a task of the job would, for a few seconds. Travels to executors. */
final class MeasureTask implements FlatMapFunction<Iterator<InternalRow>, Measured> {
    private static final long serialVersionUID = 1;

    /** Ordinals of the intake's columns. */
    private static final int ID = 0;

    private static final int HASH = 1;
    private static final int TEXT = 2;
    private static final int CODE = 3;
    private static final int KEPT = 6;

    /** Documents that are run first, so that what is measured runs warm. */
    private static final int WARM_UP = 2;

    private final Stage stage;
    private final StructType kept;
    private final List<Integer> hidden;
    private final OutputWriterFactory writers;
    private final SerializableConfiguration writerConf;
    private final double seconds;
    private final int mostDocuments;

    /**
     * @param kept kept columns, in the order in which a document holds them
     * @param writers of files with the stage's columns and the kept ones that are not hidden
     * @param seconds for which documents are handed to the stage
     */
    MeasureTask(
            Stage stage,
            StructType kept,
            OutputWriterFactory writers,
            SerializableConfiguration writerConf,
            double seconds,
            int mostDocuments) {
        this.stage = stage;
        this.kept = kept;
        this.hidden = List.copyOf(stage.sideColumns().hidden());
        this.writers = writers;
        this.writerConf = writerConf;
        this.seconds = seconds;
        this.mostDocuments = mostDocuments;
    }

    /** Columns of the files that the job writes, partition columns among them. */
    static StructType files(Stage stage, StructType kept) {
        StructType files = stage.columns();
        List<Integer> hidden = stage.sideColumns().hidden();
        for (int i = 0; i < kept.size(); i++) {
            files = hidden.contains(i) ? files : files.add(kept.fields()[i]);
        }
        return files;
    }

    @Override
    public Iterator<Measured> call(Iterator<InternalRow> rows) throws IOException {
        List<Document> documents = new ArrayList<>();
        while (rows.hasNext() && documents.size() < mostDocuments) {
            InternalRow row = rows.next();
            if (row.isNullAt(CODE)) {
                InternalRow owned = row.copy();
                documents.add(new Document(
                        owned.getUTF8String(ID), owned.getUTF8String(HASH), owned.getUTF8String(TEXT), owned, KEPT));
            }
        }
        if (documents.isEmpty()) {
            return List.<Measured>of().iterator();
        }
        long opening = System.nanoTime();
        try (Stage.Work work = stage.open(writerConf.value())) {
            Iterator<Outcome> outcomes = work.run(
                    documents.subList(0, Math.min(WARM_UP, documents.size())).iterator());
            while (outcomes.hasNext()) {
                outcomes.next();
            }
        }
        double loadSeconds = (System.nanoTime() - opening) / 1e9;
        Path directory = Files.createTempDirectory("textloom-explain");
        try {
            return List.of(measure(documents, directory, loadSeconds)).iterator();
        } finally {
            delete(directory);
        }
    }

    private Measured measure(List<Document> documents, Path directory, double loadSeconds) throws IOException {
        Timed timed = new Timed(documents.iterator(), (long) (seconds * 1e9));
        Path rowsFile = directory.resolve("rows.parquet");
        Path emptyFile = directory.resolve("empty.parquet");
        open(emptyFile).close();
        long rows = 0;
        long rejected = 0;
        double taken;
        Meter meter;
        OutputWriter writer = open(rowsFile);
        long start = System.nanoTime();
        try (Stage.Work work = stage.open(writerConf.value())) {
            Iterator<Outcome> outcomes = work.run(timed);
            while (outcomes.hasNext()) {
                Outcome outcome = outcomes.next();
                if (outcome instanceof Outcome.Produced produced) {
                    writer.write(row(produced.values(), produced.document()));
                    rows++;
                } else if (outcome instanceof Outcome.Packed packed) {
                    writer.write(new GenericInternalRow(packed.values()));
                    rows++;
                } else if (outcome instanceof Outcome.Rejected) {
                    rejected++;
                }
            }
            taken = (System.nanoTime() - start) / 1e9;
            meter = work.meter();
        } finally {
            writer.close();
        }
        long bytes = Math.max(0, Files.size(rowsFile) - Files.size(emptyFile));
        return new Measured(
                timed.given, rows, rejected, meter.tokens(), meter.truncatedRows(), bytes, taken, loadSeconds);
    }

    private OutputWriter open(Path file) {
        return writers.newInstance(
                file.toUri().toString(),
                files(stage, kept),
                new TaskAttemptContextImpl(writerConf.value(), new TaskAttemptID()));
    }

    private InternalRow row(Object[] values, Document document) {
        StructField[] fields = kept.fields();
        Object[] all = new Object[values.length + fields.length - hidden.size()];
        System.arraycopy(values, 0, all, 0, values.length);
        int next = values.length;
        for (int i = 0; i < fields.length; i++) {
            if (!hidden.contains(i)) {
                DataType type = fields[i].dataType();
                all[next++] = document.kept().isNullAt(KEPT + i)
                        ? null
                        : document.kept().get(KEPT + i, type);
            }
        }
        return new GenericInternalRow(all);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** Ends when the time is up; at least one document is given. */
    private static final class Timed implements Iterator<Document> {
        private final Iterator<Document> documents;
        private final long nanos;
        private final long start = System.nanoTime();
        private long given;

        Timed(Iterator<Document> documents, long nanos) {
            this.documents = documents;
            this.nanos = nanos;
        }

        @Override
        public boolean hasNext() {
            return documents.hasNext() && (given == 0 || System.nanoTime() - start < nanos);
        }

        @Override
        public Document next() {
            if (!documents.hasNext()) {
                throw new NoSuchElementException();
            }
            given++;
            return documents.next();
        }
    }
}
