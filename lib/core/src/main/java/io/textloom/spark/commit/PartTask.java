package io.textloom.spark.commit;

import io.textloom.spark.stage.Part;
import io.textloom.spark.stage.PartResult;
import io.textloom.spark.stage.Splitting;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** Parts of many documents in, what came of them out. What was rejected before it could be cut passes through. */
final class PartTask implements FlatMapFunction<Iterator<Tuple2<Long, PartRow>>, PartRow> {
    private static final long serialVersionUID = 1;

    private final Splitting splitting;
    private final SerializableConfiguration conf;
    private final LongAccumulator tokensDone;

    PartTask(Splitting splitting, SerializableConfiguration conf, LongAccumulator tokensDone) {
        this.splitting = splitting;
        this.conf = conf;
        this.tokensDone = tokensDone;
    }

    @Override
    public Iterator<PartRow> call(Iterator<Tuple2<Long, PartRow>> rows) {
        return new Answers(rows);
    }

    /** Holds one answer back, so that the last can carry the counts. */
    private final class Answers implements Iterator<PartRow> {
        private final Parts parts;
        private Splitting.@Nullable PartWork work;
        private Iterator<PartResult> results = Collections.emptyIterator();
        private @Nullable PartRow held;

        Answers(Iterator<Tuple2<Long, PartRow>> rows) {
            parts = new Parts(rows);
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
            return held == null && work != null ? row.plus(work.meter()) : row;
        }

        private @Nullable PartRow advance() {
            if (work == null && parts.hasNext()) {
                Splitting.PartWork opened = splitting.openParts(conf.value());
                TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> opened.close());
                work = opened;
                results = opened.run(parts);
            }
            if (results.hasNext()) {
                PartRow asked = parts.asked.poll();
                if (asked == null) {
                    throw new IllegalStateException("The stage gave more results than it was given parts");
                }
                tokensDone.add(asked.tokens());
                return asked.answered(results.next());
            }
            if (!parts.asked.isEmpty() || parts.hasNext()) {
                throw new IllegalStateException("The stage gave no result for " + parts.asked.size()
                        + " of its parts or more; expected one for each");
            }
            return parts.rejected.poll();
        }
    }

    /** What the work reads, and whom it owes an answer. */
    private static final class Parts implements Iterator<Part> {
        private final Iterator<Tuple2<Long, PartRow>> rows;
        /** Without their bytes. */
        private final ArrayDeque<PartRow> asked = new ArrayDeque<>();

        private final ArrayDeque<PartRow> rejected = new ArrayDeque<>();
        private @Nullable PartRow next;

        Parts(Iterator<Tuple2<Long, PartRow>> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (next == null && rows.hasNext()) {
                PartRow row = rows.next()._2();
                if (row.rejection().isPresent()) {
                    rejected.add(row);
                } else {
                    next = row;
                }
            }
            return next != null;
        }

        @Override
        public Part next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            PartRow row = next;
            next = null;
            asked.add(row.emptied());
            return row.part();
        }
    }
}
