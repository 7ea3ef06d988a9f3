package io.textloom.spark.stage;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/**
 * What a job does with documents. A stage travels to executors, so it holds options only; what it opens there is in {@link Work}.
 *
 * <p>Every document yields at least one outcome, a document's rows follow each other, and the documents' order is kept.
 */
public interface Stage extends Serializable {
    /** The job's name, as in the error table. */
    String name();

    /** Columns besides the kept ones; the first is the id. */
    StructType columns();

    /** Opens what one task needs. */
    Work open(Configuration conf);

    /** One task's share. */
    interface Work extends AutoCloseable {
        Iterator<Outcome> run(Iterator<Document> documents);

        /** Counts of all that was done so far. */
        Meter meter();

        @Override
        void close();
    }
}
