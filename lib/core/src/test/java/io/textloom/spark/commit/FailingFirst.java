package io.textloom.spark.commit;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.types.StructType;

/** A stage of which every task's first attempt fails after some outcomes. */
final class FailingFirst implements Stage {
    private static final long serialVersionUID = 1;

    static final AtomicInteger FAILED = new AtomicInteger();

    private final Stage stage;
    private final int outcomes;

    FailingFirst(Stage stage, int outcomes) {
        this.stage = stage;
        this.outcomes = outcomes;
    }

    @Override
    public String name() {
        return stage.name();
    }

    @Override
    public StructType columns() {
        return stage.columns();
    }

    @Override
    public Work open(Configuration conf) {
        Work work = stage.open(conf);
        return new Work() {
            @Override
            public Iterator<Outcome> run(Iterator<Document> documents) {
                Iterator<Outcome> all = work.run(documents);
                return new Iterator<>() {
                    private int given;

                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Outcome next() {
                        if (given++ == outcomes && TaskContext.get().attemptNumber() == 0) {
                            FAILED.incrementAndGet();
                            throw new IllegalStateException("the first attempt fails");
                        }
                        return all.next();
                    }
                };
            }

            @Override
            public Meter meter() {
                return work.meter();
            }

            @Override
            public void close() {
                work.close();
            }
        };
    }
}
