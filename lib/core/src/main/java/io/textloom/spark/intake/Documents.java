package io.textloom.spark.intake;

import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The intake's result: planned, and read when somebody asks for the rows. */
public final class Documents {
    private final StructType kept;
    private final Column key;
    private final int partitions;
    private final TextSizes sizes;
    private final Supplier<Dataset<Row>> read;
    private @Nullable Dataset<Row> rows;

    Documents(StructType kept, Column key, int partitions, TextSizes sizes, Supplier<Dataset<Row>> read) {
        this.kept = kept;
        this.key = key;
        this.partitions = partitions;
        this.sizes = sizes;
        this.read = read;
    }

    /** Columns as {@link Intake#documents} lists them. An adaptive plan reads the input up to its shuffle on the first call; whoever asks again shares what was read. */
    public synchronized Dataset<Row> rows() {
        if (rows == null) {
            rows = read.get();
        }
        return rows;
    }

    /** Schema of the kept columns. */
    public StructType kept() {
        return kept;
    }

    /** Of the rows' distribution over the partitions, by hash; rows of one id have one key. */
    public Column key() {
        return key;
    }

    /** Tasks the rows are spread over. */
    public int partitions() {
        return partitions;
    }

    /** Of the texts that were read so far, which are all once a task has seen a row. */
    public TextSizes sizes() {
        return sizes;
    }
}
