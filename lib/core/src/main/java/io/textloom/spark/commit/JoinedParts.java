package io.textloom.spark.commit;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Splitting;
import io.textloom.text.Rejection;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** One task's large documents: their parts' results as they come in the documents' order, and the joiner that makes rows of them. */
final class JoinedParts implements AutoCloseable {
    private final Optional<LargeDocuments> large;
    private final Optional<Splitting> splitting;
    private final Iterator<Tuple2<PartKey, PartRow>> rows;
    private final Configuration conf;
    private Splitting.@Nullable Joiner joiner;
    private Meter parts = Meter.ZERO;
    private int documents;
    private @Nullable PartRow next;

    private JoinedParts(
            Optional<LargeDocuments> large,
            Optional<Splitting> splitting,
            Iterator<Tuple2<PartKey, PartRow>> rows,
            Configuration conf) {
        this.large = large;
        this.splitting = splitting;
        this.rows = rows;
        this.conf = conf;
    }

    /** Where no document is large. */
    static JoinedParts none() {
        return new JoinedParts(
                Optional.empty(), Optional.empty(), Collections.emptyIterator(), new Configuration(false));
    }

    /** @param rows sorted by key, of one partition's documents alone */
    static JoinedParts of(
            LargeDocuments large, Splitting splitting, Iterator<Tuple2<PartKey, PartRow>> rows, Configuration conf) {
        return new JoinedParts(Optional.of(large), Optional.of(splitting), rows, conf);
    }

    /** Whether the row's document was done in parts. */
    boolean include(InternalRow row) {
        return large.isPresent() && large.get().include(row);
    }

    /** @param document the next for which {@link #include} held; its outcomes are read to their end before the next */
    Iterator<Outcome> join(Document document) {
        Results results = new Results(documents++, document.id());
        Optional<Rejection> rejection = results.rejection();
        if (rejection.isPresent()) {
            results.skipRest();
            Outcome rejected = new Outcome.Rejected(document, rejection.get());
            return Collections.singleton(rejected).iterator();
        }
        if (joiner == null) {
            joiner = splitting.orElseThrow().openJoiner(conf);
        }
        Iterator<Outcome> outcomes = joiner.join(document, results);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean more = outcomes.hasNext();
                if (!more) {
                    results.skipRest();
                }
                return more;
            }

            @Override
            public Outcome next() {
                return outcomes.next();
            }
        };
    }

    /** Counts of cutters, parts and joiner. */
    Meter meter() {
        return joiner == null ? parts : parts.plus(joiner.meter());
    }

    /** @throws IllegalStateException if results are left over */
    void finish() {
        PartRow left = peek();
        if (left != null) {
            throw new IllegalStateException("Results of the document " + left.id() + " have no document"
                    + "; the input changes between two readings");
        }
    }

    @Override
    public void close() {
        if (joiner != null) {
            joiner.close();
        }
    }

    private @Nullable PartRow peek() {
        if (next == null && rows.hasNext()) {
            next = rows.next()._2();
            parts = parts.plus(next.meter());
        }
        return next;
    }

    /** Those of one document. */
    private final class Results implements Iterator<byte[]> {
        private final int document;
        private final String id;
        private int read;
        private boolean complete;

        Results(int document, String id) {
            this.document = document;
            this.id = id;
        }

        Optional<Rejection> rejection() {
            return required(mine()).rejection();
        }

        void skipRest() {
            while (mine() != null) {
                PartRow row = required(mine());
                complete = complete || row.last() || row.rejection().isPresent();
                take();
            }
            if (!complete) {
                throw lost();
            }
        }

        @Override
        public boolean hasNext() {
            return !complete;
        }

        @Override
        public byte[] next() {
            if (complete) {
                throw new NoSuchElementException();
            }
            PartRow row = required(mine());
            if (row.key().part() != read) {
                throw lost();
            }
            complete = row.last();
            take();
            return row.bytes();
        }

        private void take() {
            next = null;
            read++;
        }

        private @Nullable PartRow mine() {
            PartRow row = peek();
            return row != null && row.key().document() == document && row.id().equals(id) ? row : null;
        }

        private PartRow required(@Nullable PartRow row) {
            if (row == null) {
                throw lost();
            }
            return row;
        }

        private IllegalStateException lost() {
            return new IllegalStateException("Part " + read + " of the document " + id
                    + " has no result; the input changes between two readings");
        }
    }
}
