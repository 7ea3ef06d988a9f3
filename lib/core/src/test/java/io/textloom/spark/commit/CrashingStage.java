package io.textloom.spark.commit;

import io.textloom.spark.intake.TaskSize;
import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** A stage whose task fails at a document that says "crash" while the switch is on. */
final class CrashingStage implements Stage {
    private static final long serialVersionUID = 1;

    static volatile boolean crash;

    private final Stage stage;

    CrashingStage(Stage stage) {
        this.stage = stage;
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
    public TaskSize taskSize() {
        return stage.taskSize();
    }

    @Override
    public long fileTokens() {
        return stage.fileTokens();
    }

    @Override
    public boolean packsDocuments() {
        return stage.packsDocuments();
    }

    @Override
    public Work open(Configuration conf) {
        Work work = stage.open(conf);
        return new Work() {
            @Override
            public Iterator<Outcome> run(Iterator<Document> documents) {
                return work.run(new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return documents.hasNext();
                    }

                    @Override
                    public Document next() {
                        Document document = documents.next();
                        if (crash && document.text().contains("crash")) {
                            throw new IllegalStateException("crash asked for");
                        }
                        return document;
                    }
                });
            }

            @Override
            public Meter meter() {
                return work.meter();
            }

            @Override
            public long tokens() {
                return work.tokens();
            }

            @Override
            public void close() {
                work.close();
            }
        };
    }
}
