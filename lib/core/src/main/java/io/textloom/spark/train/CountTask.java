package io.textloom.spark.train;

import io.textloom.token.train.WordCounter;
import io.textloom.token.train.WordSplitter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts the words of one partition: rows {@code (text, code)} in, rows {@code (word, count)} out, a word again each time the counter was full. Tallies travel as words
 * that begin with {@link #TALLY}, so that a task that is run again counts once.
 */
final class CountTask implements FlatMapFunction<Iterator<InternalRow>, Row> {
    /** No UTF-8 begins with it. */
    static final byte TALLY = (byte) 0xff;

    static final int TEXT = 0;
    static final int CODE = 1;

    private static final long serialVersionUID = 1;

    /** What one task holds before it hands on; the shuffle brings equal words together. */
    private static final int MAX_WORDS = 500_000;

    /** Unit: bytes. */
    private static final int MAX_BYTES = 32 << 20;

    private final SplitterSource splitters;
    private final int maxWordBytes;
    private final LongAccumulator rowsDone;

    CountTask(SplitterSource splitters, int maxWordBytes, LongAccumulator rowsDone) {
        this.splitters = splitters;
        this.maxWordBytes = maxWordBytes;
        this.rowsDone = rowsDone;
    }

    @Override
    public Iterator<Row> call(Iterator<InternalRow> documents) {
        return new Words(documents);
    }

    private final class Words implements Iterator<Row>, WordSplitter.Sink {
        private final Iterator<InternalRow> documents;
        private final WordSplitter splitter = splitters.open();
        private final WordCounter words = new WordCounter(MAX_WORDS, MAX_BYTES);
        private final SortedMap<String, Long> tallies = new TreeMap<>();
        private Iterator<Row> ending = Collections.emptyIterator();
        private boolean ended;
        private int next;
        private long wordsLeftOut;

        Words(Iterator<InternalRow> documents) {
            this.documents = documents;
        }

        @Override
        public boolean hasNext() {
            if (next == words.size() && !ended) {
                fill();
            }
            return next < words.size() || ending.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (next < words.size()) {
                Row row = RowFactory.create(words.word(next), words.count(next));
                next++;
                return row;
            }
            return ending.next();
        }

        @Override
        public void word(byte[] utf8, int from, int to) {
            if (to - from > maxWordBytes) {
                wordsLeftOut++;
            } else {
                words.add(utf8, from, to);
            }
        }

        private void fill() {
            words.clear();
            next = 0;
            while (!words.isFull() && documents.hasNext()) {
                read(documents.next());
                rowsDone.add(1);
            }
            if (!documents.hasNext()) {
                ended = true;
                tally(WordCounts.WORDS_LEFT_OUT, wordsLeftOut);
                ending = tallies.entrySet().stream()
                        .map(entry -> RowFactory.create(keyOf(entry.getKey()), entry.getValue()))
                        .iterator();
            }
        }

        private void read(InternalRow row) {
            tally(WordCounts.ROWS_IN, 1);
            if (!row.isNullAt(CODE)) {
                tally(WordCounts.REJECTED + row.getUTF8String(CODE), 1);
                return;
            }
            UTF8String text = row.getUTF8String(TEXT);
            byte[] utf8 = text.getBytes();
            tally(WordCounts.TEXT_BYTES, utf8.length);
            splitter.split(utf8, 0, utf8.length, this);
        }

        private void tally(String name, long number) {
            tallies.merge(name, number, Long::sum);
        }
    }

    static byte[] keyOf(String tally) {
        byte[] name = tally.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[name.length + 1];
        key[0] = TALLY;
        System.arraycopy(name, 0, key, 1, name.length);
        return key;
    }
}
