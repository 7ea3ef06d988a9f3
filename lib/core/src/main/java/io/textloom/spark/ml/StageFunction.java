package io.textloom.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import io.textloom.text.Rejection;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/**
 * Rows of one partition to the same rows, in their order, with a stage's columns behind their own. It travels to executors, where the stage leases its
 * model; a partition without rows leases none.
 */
@DefaultSerializer(JavaSerializer.class)
final class StageFunction
        extends AbstractFunction1<scala.collection.Iterator<Object>, scala.collection.Iterator<Object>>
        implements Serializable {
    private static final long serialVersionUID = 1;

    private final String name;
    private final Stage stage;
    private final RowDocuments documents;
    private final ArrayList<OutputColumn.Reader> outputs;
    private final SerializableConfiguration conf;
    /** Whether a document may have several rows. */
    private final boolean listing;

    /**
     * @param name shown in plans
     * @param stage gives every document a rejection or exactly one row; several where a column lists them
     */
    StageFunction(
            String name,
            Stage stage,
            RowDocuments documents,
            List<OutputColumn.Reader> outputs,
            SerializableConfiguration conf) {
        this.name = name;
        this.stage = stage;
        this.documents = documents;
        this.outputs = new ArrayList<>(outputs);
        this.conf = conf;
        this.listing = outputs.stream().anyMatch(o -> o.form() == OutputColumn.Form.LIST);
    }

    @Override
    public scala.collection.Iterator<Object> apply(scala.collection.Iterator<Object> rows) {
        if (!rows.hasNext()) {
            return rows;
        }
        Stage.Work work = stage.open(conf.value());
        TaskContext task = TaskContext.get();
        if (task != null) {
            task.addTaskCompletionListener((TaskCompletionListener) ended -> work.close());
        }
        Iterator<Object> given = JavaConverters.asJavaIterator(rows);
        Iterator<Outcome> outcomes = work.run(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return given.hasNext();
            }

            @Override
            public Document next() {
                return documents.document(((InternalRow) given.next()).copy());
            }
        });
        return JavaConverters.asScalaIterator(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return outcomes.hasNext();
            }

            @Override
            public Object next() {
                return row(outcomes);
            }
        });
    }

    private InternalRow row(Iterator<Outcome> outcomes) {
        List<Object[]> rows = new ArrayList<>(1);
        Outcome outcome = outcomes.next();
        while (outcome instanceof Outcome.Produced produced && (produced.last() || listing)) {
            rows.add(produced.values());
            if (produced.last()) {
                InternalRow input = produced.document().kept();
                Optional<Rejection> rejection = documents.rejection(input);
                return rejection.isPresent() ? rejected(input, rejection.get()) : new JoinedRow(input, produced(rows));
            }
            outcome = outcomes.next();
        }
        if (outcome instanceof Outcome.Rejected rejected) {
            InternalRow input = rejected.document().kept();
            return rejected(input, documents.rejection(input).orElse(rejected.rejection()));
        }
        throw new IllegalStateException("The stage " + stage.name() + " gave more or less than one row for a document");
    }

    private InternalRow produced(List<Object[]> rows) {
        @Nullable Object[] added = new Object[outputs.size()];
        for (int i = 0; i < added.length; i++) {
            added[i] = outputs.get(i).ofRows(rows);
        }
        return new GenericInternalRow(added);
    }

    private InternalRow rejected(InternalRow input, Rejection rejection) {
        UTF8String message = UTF8String.fromString(rejection.code() + ": " + rejection.message());
        @Nullable Object[] added = new Object[outputs.size()];
        for (int i = 0; i < added.length; i++) {
            added[i] = outputs.get(i).ofError(message);
        }
        return new JoinedRow(input, new GenericInternalRow(added));
    }

    @Override
    public String toString() {
        return name;
    }
}
