package io.textloom.spark.intake;

import io.textloom.openai.BatchInput;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * What is read, and which columns mean what.
 *
 * @param inputs paths, directories, globs, or {@code sql:SELECT …}, or catalog table names
 * @param textColumn the column that holds the text; empty where the kept columns together, as JSON, stand for it
 * @param idColumn the column that holds the row's id; empty for an id made from the content
 * @param keepColumns columns copied to the output unchanged
 * @param where SQL condition on the input's columns; empty for all rows
 * @param limit most rows read; 0 for all
 * @param partitions tasks the rows are spread over; 0 chooses by cores and size
 * @param limits what is taken of damaged or hostile input
 */
public record IntakeOptions(
        List<String> inputs,
        InputFormat format,
        DocumentUnit documents,
        String textColumn,
        String idColumn,
        DuplicateIds duplicateIds,
        List<String> keepColumns,
        String where,
        long limit,
        int partitions,
        LimitOptions limits) {
    // older manifests have no limits
    @SuppressWarnings("NullAway")
    public IntakeOptions {
        limits = limits == null ? LimitOptions.DEFAULT : limits;
        inputs = List.copyOf(inputs);
        keepColumns = List.copyOf(keepColumns);
        if (limit < 0 || limit > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "limit is " + limit + "; expected 0 (all) or a positive number up to " + Integer.MAX_VALUE);
        }
        if (partitions < 0) {
            throw new IllegalArgumentException(
                    "spark.partitions is " + partitions + "; expected 0 (automatic) or a positive number");
        }
    }

    /** With {@link LimitOptions#DEFAULT}. */
    public IntakeOptions(
            List<String> inputs,
            InputFormat format,
            DocumentUnit documents,
            String textColumn,
            String idColumn,
            DuplicateIds duplicateIds,
            List<String> keepColumns,
            String where,
            long limit,
            int partitions) {
        this(
                inputs,
                format,
                documents,
                textColumn,
                idColumn,
                duplicateIds,
                keepColumns,
                where,
                limit,
                partitions,
                LimitOptions.DEFAULT);
    }

    /** The same with other kept columns. */
    public IntakeOptions keeping(List<String> columns) {
        return with(inputs, textColumn, idColumn, columns);
    }

    /** The same with other inputs. */
    public IntakeOptions withInputs(List<String> others) {
        return with(others, textColumn, idColumn, keepColumns);
    }

    /** The same with another text column. */
    public IntakeOptions withText(String column) {
        return with(inputs, column, idColumn, keepColumns);
    }

    /**
     * The same for lines of OpenAI's batch files, whose columns are given.
     *
     * @throws IllegalArgumentException if other columns are asked for
     */
    public IntakeOptions ofBatch() {
        if (!keepColumns.isEmpty()) {
            throw new IllegalArgumentException("keepColumns is " + keepColumns
                    + " but a batch has no other columns than custom_id, method, url and body; leave it out");
        }
        return with(inputs, BatchInput.BODY, BatchInput.CUSTOM_ID, List.of(BatchInput.METHOD, BatchInput.URL));
    }

    /** The same with every path that exists made absolute, so that it can be read from another working directory. */
    public IntakeOptions qualified(Configuration conf) {
        return withInputs(
                inputs.stream().map(input -> SourceFiles.qualify(input, conf)).toList());
    }

    private IntakeOptions with(List<String> others, String text, String id, List<String> columns) {
        return new IntakeOptions(
                others, format, documents, text, id, duplicateIds, columns, where, limit, partitions, limits);
    }
}
