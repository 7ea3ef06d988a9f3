package io.textloom.spark.intake;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of files, as they come; where a file cannot be read on, the error says which one. Spark does so for Parquet alone. Travels to executors.
 */
final class NamedFailures implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    return rows.hasNext();
                } catch (Exception e) {
                    throw named(e);
                }
            }

            @Override
            public InternalRow next() {
                try {
                    return rows.next();
                } catch (Exception e) {
                    throw named(e);
                }
            }
        };
    }

    /** Spark, written in Scala, throws checked exceptions that Java does not see; its CSV reader wraps them. */
    private static RuntimeException named(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return new InputException(
                        "Cannot read " + InputFileBlockHolder.getInputFilePath() + ": " + cause.getMessage()
                                + "; the file is damaged or cut off, replace it",
                        e);
            }
        }
        return e instanceof RuntimeException own ? own : new IllegalStateException(e);
    }
}
