package io.textloom.jobs;

import com.sun.jna.Function;
import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The length of every text; native code raises SIGSEGV at a text with a marker. Works on many documents at a time, as the models' stages do. */
final class SegfaultStage implements Stage {
    static final String MARKER = "<<segfault>>";

    private static final long serialVersionUID = 1;
    private static final int SIGSEGV = 11;
    private static final int GATHERED = 512;

    private final int millisPerRow;

    /** @param millisPerRow time that each row takes, so that there is a moment to kill it in */
    SegfaultStage(int millisPerRow) {
        this.millisPerRow = millisPerRow;
    }

    @Override
    public String name() {
        return "lengths";
    }

    @Override
    public StructType columns() {
        return new StructType().add("id", DataTypes.StringType, false).add("length", DataTypes.IntegerType, false);
    }

    @Override
    public Work open(Configuration conf) {
        return new Lengths();
    }

    private final class Lengths implements Work {
        private long rows;

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            return new Iterator<>() {
                private Iterator<Outcome> ready = List.<Outcome>of().iterator();

                @Override
                public boolean hasNext() {
                    if (!ready.hasNext() && documents.hasNext()) {
                        List<Document> gathered = new ArrayList<>();
                        while (gathered.size() < GATHERED && documents.hasNext()) {
                            gathered.add(documents.next());
                        }
                        ready = gathered.stream()
                                .map(Lengths.this::length)
                                .toList()
                                .iterator();
                    }
                    return ready.hasNext();
                }

                @Override
                public Outcome next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return ready.next();
                }
            };
        }

        private Outcome length(Document document) {
            if (document.text().contains(MARKER)) {
                Function.getFunction("c", "raise").invokeInt(new Object[] {SIGSEGV});
            }
            try {
                Thread.sleep(millisPerRow);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The task was interrupted", e);
            }
            rows++;
            return new Outcome.Produced(
                    document,
                    new Object[] {
                        UTF8String.fromString(document.id()), document.text().length()
                    },
                    1,
                    true);
        }

        @Override
        public Meter meter() {
            return new Meter(rows, rows, 0, 0, 0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
