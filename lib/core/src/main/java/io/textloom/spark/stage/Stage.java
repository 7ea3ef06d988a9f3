package io.textloom.spark.stage;

import io.textloom.spark.intake.TaskSize;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/**
 * What a job does with documents. A stage travels to executors, so it holds options only; what it opens there is in {@link Work}.
 *
 * <p>Every document yields at least one outcome that says it is done or rejected, a document's rows follow each other, and the documents' order is kept.
 */
public interface Stage extends Serializable {
    /** Every task writes one file, whatever its size. */
    long ANY_FILE_SIZE = Long.MAX_VALUE;

    /** The job's name, as in the error table. */
    String name();

    /** Columns besides the kept ones; the first is the id. */
    StructType columns();

    /** A column that is read beside the text; empty for a stage that reads the text alone. */
    default Optional<SideText> sideText() {
        return Optional.empty();
    }

    /** All columns that are read beside the text. */
    default SideColumns sideColumns() {
        return sideText().map(SideColumns::of).orElse(SideColumns.NONE);
    }

    /**
     * The stage as it travels, once the types of the kept columns are known.
     *
     * @throws IllegalArgumentException if it cannot read one of its columns
     */
    default Stage reading(StructType kept) {
        return this;
    }

    /** How much text one task should be given. */
    default TaskSize taskSize() {
        return TaskSize.SMALL;
    }

    /** Tokens of one output file, about; {@link Long#MAX_VALUE} for one file per task however large. */
    default long fileTokens() {
        return ANY_FILE_SIZE;
    }

    /** Whether rows hold several documents, so that no document can be taken out again; their order in a task is then that of their ids. */
    default boolean packsDocuments() {
        return false;
    }

    /** How a large document is done in parts; empty where the stage does every document whole. Not for stages that pack documents. */
    default Optional<Splitting> splitting() {
        return Optional.empty();
    }

    /** Figures of the whole output, once it is written; empty for none. */
    default Optional<OutputFigures> figures() {
        return Optional.empty();
    }

    /** Whether it computes on threads that several tasks share, which go on while one of the tasks stands still. */
    default boolean computesInBackground() {
        return false;
    }

    /** Opens what one task needs. */
    Work open(Configuration conf);

    /** One task's share. */
    interface Work extends AutoCloseable {
        /** Called again when all outcomes were read, for further documents; once only where the stage packs documents. */
        Iterator<Outcome> run(Iterator<Document> documents);

        /** Counts of all that was done so far. */
        Meter meter();

        /** Those of its tokens; asked after every row. */
        default long tokens() {
            return meter().tokens();
        }

        @Override
        void close();
    }
}
