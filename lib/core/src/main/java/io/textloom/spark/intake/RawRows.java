package io.textloom.spark.intake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.textloom.spark.lineage.Redaction;
import io.textloom.table.Columns;
import io.textloom.text.RejectCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of a source in the form the intake works on: the source's own columns, and beside them where each row stood and what the reader found wrong.
 */
final class RawRows {
    /** Reject code found by the reader, or null. */
    static final String CODE = "__code";

    static final String MESSAGE = "__message";
    /** The row as it was read, for the error table; null where only its text is worth keeping. */
    static final String RAW = "__raw";

    static final String PATH = "__path";
    static final String BLOCK = "__block";
    static final String SEQUENCE = "__sequence";

    private static final List<String> OWN = List.of(CODE, MESSAGE, RAW, PATH, BLOCK, SEQUENCE);

    private final Dataset<Row> rows;
    private final boolean wellFormed;

    /** @param wellFormed whether the reader has already marked every text that is not UTF-8 */
    RawRows(Dataset<Row> rows, boolean wellFormed) {
        this.rows = rows;
        this.wellFormed = wellFormed;
    }

    boolean wellFormed() {
        return wellFormed;
    }

    Dataset<Row> rows() {
        return rows;
    }

    /** Names of the source's own columns. */
    List<String> sourceColumns() {
        return Arrays.stream(rows.columns()).filter(c -> !OWN.contains(c)).toList();
    }

    /** The column of that name. @throws IllegalArgumentException naming the option, if the source has none */
    Column column(String name, String option) {
        if (!sourceColumns().contains(name)) {
            throw new IllegalArgumentException("The input has no column " + name + "; its columns are "
                    + String.join(", ", sourceColumns()) + "."
                    + NearColumn.of(name, sourceColumns())
                            .map(near -> " Was " + near + " meant?")
                            .orElse("")
                    + " Set " + option);
        }
        return col(Columns.quoted(name));
    }

    /**
     * These rows and a rejected one for each damaged file.
     *
     * @param damaged path → what is wrong
     */
    RawRows withDamaged(SparkSession spark, Map<String, String> damaged) {
        StructType schema = new StructType();
        for (String name : List.of(CODE, MESSAGE, RAW, PATH)) {
            schema = schema.add(name, DataTypes.StringType);
        }
        List<Row> faults = new ArrayList<>();
        damaged.forEach((path, why) -> faults.add(RowFactory.create(
                RejectCode.UNREADABLE_FILE.name(),
                Redaction.uris("The file " + path + " is damaged, and none of its rows was taken: " + why),
                Redaction.uris(path),
                path)));
        Dataset<Row> rejected =
                spark.createDataFrame(faults, schema).withColumn(BLOCK, lit(0L)).withColumn(SEQUENCE, lit(0L));
        return new RawRows(rows.unionByName(rejected, true), wellFormed);
    }

    /** Rows that satisfy the condition, and those the reader could not parse: these must reach the error table. */
    RawRows where(String condition) {
        if (condition.isEmpty()) {
            return this;
        }
        requireCondition(condition);
        Column holds = coalesce(expr("(" + condition + ")"), lit(false));
        return new RawRows(rows.filter(holds.or(col(CODE).isNotNull())), wellFormed);
    }

    /** Analyses the condition on the source's own columns alone, so that neither it nor a message can name ours. */
    private void requireCondition(String condition) {
        try {
            rows.select(sourceColumns().stream()
                            .map(c -> col(Columns.quoted(c)))
                            .toArray(Column[]::new))
                    .filter(expr("(" + condition + ")"));
        } catch (Exception e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException(
                    "--where \"" + condition + "\" is not a condition on the columns "
                            + String.join(", ", sourceColumns()) + ": "
                            + reason.replaceFirst("^\\[[A-Z0-9_.]+\\] *", "")
                                    .replaceFirst(";? line \\d+ pos \\d+;?$", ""),
                    e);
        }
    }

    /** The first rows in the order of path and offset, so that a later run takes the same. */
    RawRows limit(long limit) {
        return limit == 0
                ? this
                : new RawRows(rows.orderBy(PATH, BLOCK, SEQUENCE).limit(Math.toIntExact(limit)), wellFormed);
    }

    /** Place columns from Spark's file metadata, and no fault found. */
    static List<Column> placeInFile() {
        List<Column> columns = new ArrayList<>();
        columns.add(col("_metadata.file_path").as(PATH));
        columns.add(col("_metadata.file_block_start").as(BLOCK));
        columns.add(expr("monotonically_increasing_id()").as(SEQUENCE));
        return columns;
    }

    static List<Column> noFault() {
        return List.of(
                lit(null).cast("string").as(CODE),
                lit(null).cast("string").as(MESSAGE),
                lit(null).cast("string").as(RAW));
    }
}
