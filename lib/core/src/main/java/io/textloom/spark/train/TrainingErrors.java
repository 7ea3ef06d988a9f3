package io.textloom.spark.train;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.Intake;
import io.textloom.table.ErrorTable;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The rows that a training could not read. */
public final class TrainingErrors {
    private TrainingErrors() {}

    /** Writes the rejected rows as the other jobs' error tables have them; the input is read once more. */
    public static void write(SparkSession spark, Documents documents, String path) {
        List<String> columns = List.of(Intake.ID, Intake.CODE, Intake.MESSAGE, Intake.RAW);
        spark.createDataFrame(
                        documents
                                .rows()
                                .select(columns.stream().map(name -> col(name)).toArray(Column[]::new))
                                .filter(col(Intake.CODE).isNotNull())
                                .toJavaRDD()
                                .map(TrainingErrors::error),
                        ErrorTable.SCHEMA)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(path);
    }

    private static Row error(Row row) {
        String raw = row.isNullAt(3) ? "" : row.getString(3);
        return ErrorTable.externalRow(
                row.getString(0),
                "intake",
                new Rejection(RejectCode.valueOf(row.getString(1)), row.getString(2)),
                raw,
                1);
    }
}
