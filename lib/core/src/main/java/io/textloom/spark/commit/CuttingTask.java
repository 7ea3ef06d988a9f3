package io.textloom.spark.commit;

import io.textloom.spark.stage.Cut;
import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Part;
import io.textloom.spark.stage.Splitting;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/** Rows of {@link MarkedDocuments} in, the parts of the large ones out, in order and one by one. */
final class CuttingTask implements Function2<Integer, Iterator<InternalRow>, Iterator<PartRow>> {
    private static final long serialVersionUID = 1;

    private final LargeDocuments large;
    private final Splitting splitting;
    private final int first;
    private final SerializableConfiguration conf;

    /** @param first number of the first partition */
    CuttingTask(LargeDocuments large, Splitting splitting, int first, SerializableConfiguration conf) {
        this.large = large;
        this.splitting = splitting;
        this.first = first;
        this.conf = conf;
    }

    @Override
    public Iterator<PartRow> call(Integer index, Iterator<InternalRow> rows) {
        return new Cutting(first + index, rows);
    }

    /** Holds one row back, so that the last can carry the counts. */
    private final class Cutting implements Iterator<PartRow> {
        private final int partition;
        private final Iterator<InternalRow> rows;
        private Splitting.@Nullable Cutter cutter;
        private Iterator<PartRow> document = Collections.emptyIterator();
        private int documents;
        private @Nullable PartRow held;

        Cutting(int partition, Iterator<InternalRow> rows) {
            this.partition = partition;
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            if (held == null) {
                held = advance();
            }
            return held != null;
        }

        @Override
        public PartRow next() {
            if (!hasNext() || held == null) {
                throw new NoSuchElementException();
            }
            PartRow row = held;
            held = advance();
            return held == null && cutter != null ? row.plus(cutter.meter()) : row;
        }

        private @Nullable PartRow advance() {
            while (!document.hasNext()) {
                if (!rows.hasNext()) {
                    return null;
                }
                InternalRow row = rows.next();
                if (large.include(row)) {
                    document = cut(MarkedDocuments.document(row), documents++);
                }
            }
            return document.next();
        }

        private Iterator<PartRow> cut(Document document, int number) {
            if (cutter == null) {
                Splitting.Cutter opened = splitting.openCutter(conf.value());
                TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> opened.close());
                cutter = opened;
            }
            Cut cut = cutter.cut(document);
            String id = document.id();
            if (cut instanceof Cut.Rejected rejected) {
                return Collections.singleton(PartRow.rejected(partition, number, id, rejected.rejection()))
                        .iterator();
            }
            Iterator<Part> parts = ((Cut.Parts) cut).parts();
            if (!parts.hasNext()) {
                throw new IllegalStateException("The document " + id + " was cut into no part; expected at least one");
            }
            return new Iterator<>() {
                private int at;

                @Override
                public boolean hasNext() {
                    return parts.hasNext();
                }

                @Override
                public PartRow next() {
                    Part part = parts.next();
                    return PartRow.of(partition, number, at++, id, part, !parts.hasNext());
                }
            };
        }
    }
}
