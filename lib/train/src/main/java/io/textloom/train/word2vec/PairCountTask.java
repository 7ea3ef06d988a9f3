package io.textloom.train.word2vec;

import io.textloom.spark.train.TrainWord2VecOptions;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts the units of one partition and the pairs of neighbours: rows {@code (id, text, code)} in, rows {@code (key, count)} of a {@link PairTable} out, a key again each time the table was full.
 */
final class PairCountTask implements FlatMapFunction<Iterator<InternalRow>, Row> {
    private static final long serialVersionUID = 1;

    /** As the right one of a pair: the left one is counted alone. */
    static final int ALONE = -1;

    private static final int MAX_PAIRS = 1 << 20;

    private final Broadcast<Units> units;
    private final TrainWord2VecOptions options;
    private final LongAccumulator rowsDone;

    PairCountTask(Broadcast<Units> units, TrainWord2VecOptions options, LongAccumulator rowsDone) {
        this.units = units;
        this.options = options;
        this.rowsDone = rowsDone;
    }

    @Override
    public Iterator<Row> call(Iterator<InternalRow> documents) {
        return new Pairs(documents);
    }

    private final class Pairs implements Iterator<Row>, SentenceReader.Sink {
        private final Iterator<InternalRow> documents;
        private final SentenceReader reader =
                new SentenceReader(units.value(), options.sentences(), options.lowercase());
        private final PairTable counts = new PairTable();
        private int slot = counts.capacity();

        Pairs(Iterator<InternalRow> documents) {
            this.documents = documents;
        }

        @Override
        public boolean hasNext() {
            skipEmpty();
            if (slot == counts.capacity() && documents.hasNext()) {
                fill();
                skipEmpty();
            }
            return slot < counts.capacity();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = RowFactory.create(counts.keyAt(slot), counts.valueAt(slot));
            slot++;
            return row;
        }

        private void skipEmpty() {
            while (slot < counts.capacity() && counts.keyAt(slot) == -1) {
                slot++;
            }
        }

        private void fill() {
            counts.clear();
            while (documents.hasNext() && counts.size() < MAX_PAIRS) {
                InternalRow row = documents.next();
                if (row.isNullAt(EncodeTask.CODE)) {
                    reader.read(row.getUTF8String(EncodeTask.TEXT).toString(), this);
                }
                rowsDone.add(1);
            }
            slot = 0;
        }

        @Override
        public void sentence(int[] ids, int from, int to) {
            for (int i = from; i < to; i++) {
                if (ids[i] == SentenceReader.GAP) {
                    continue;
                }
                counts.add(PairTable.key(ids[i], ALONE), 1);
                if (i + 1 < to && ids[i + 1] != SentenceReader.GAP) {
                    counts.add(PairTable.key(ids[i], ids[i + 1]), 1);
                }
            }
        }
    }
}
