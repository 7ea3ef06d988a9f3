package io.textloom.spark.commit;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** One row per word; a document that says "reject" is rejected, as one that says "lengthy" is for good; one that says "crash" fails its task while the switch is on. */
final class WordStage implements Stage {
    private static final long serialVersionUID = 1;

    /** Documents worked on in this process; tests run one at a time. */
    static final AtomicInteger WORKED = new AtomicInteger();

    static volatile boolean crash;

    private final boolean packs;

    WordStage() {
        this(false);
    }

    /** @param packs whether it says that its rows hold several documents */
    WordStage(boolean packs) {
        this.packs = packs;
    }

    @Override
    public boolean packsDocuments() {
        return packs;
    }

    @Override
    public String name() {
        return "words";
    }

    @Override
    public StructType columns() {
        return new StructType()
                .add("id", DataTypes.StringType, false)
                .add("chunk_index", DataTypes.IntegerType, false)
                .add("word", DataTypes.StringType, false);
    }

    @Override
    public Work open(Configuration conf) {
        return new Work() {
            private long words;

            @Override
            public Iterator<Outcome> run(Iterator<Document> documents) {
                List<Outcome> outcomes = new ArrayList<>();
                documents.forEachRemaining(d -> outcomes.addAll(split(d)));
                return outcomes.iterator();
            }

            private List<Outcome> split(Document document) {
                WORKED.incrementAndGet();
                if (crash && document.text().contains("crash")) {
                    throw new IllegalStateException("crash asked for");
                }
                if (document.text().contains("reject")) {
                    return List.of(new Outcome.Rejected(
                            document, new Rejection(RejectCode.MODEL_FAILED, "rejection asked for")));
                }
                if (document.text().contains("lengthy")) {
                    return List.of(
                            new Outcome.Rejected(document, new Rejection(RejectCode.TOO_LONG, "too many words")));
                }
                String[] parts = document.text().split(" ");
                List<Outcome> rows = new ArrayList<>();
                for (int i = 0; i < parts.length; i++) {
                    words++;
                    rows.add(new Outcome.Produced(
                            document,
                            new Object[] {UTF8String.fromString(document.id()), i, UTF8String.fromString(parts[i])},
                            1,
                            i == parts.length - 1));
                }
                return rows;
            }

            @Override
            public Meter meter() {
                return new Meter(words, words, 0, 0, 0, 0, 0);
            }

            @Override
            public void close() {}
        };
    }
}
