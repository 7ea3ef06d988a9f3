package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.textloom.openai.OutputLine;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.BatchTable;
import io.textloom.table.Columns;
import io.textloom.table.ErrorTable;
import io.textloom.text.RejectCode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * All rows and errors of an output as lines of OpenAI's batch files. They are made of the tables at every commit that changes these, and committed in the same journal, so that
 * the lines are never another state than the tables.
 */
final class BatchLines {
    private BatchLines() {}

    /** @param rows,errors files of all rows and errors as they will be committed, where they lie now */
    static List<StagedFile> write(SparkSession spark, List<String> rows, List<String> errors, String staging) {
        Dataset<Row> answered = spark.read()
                .schema(BatchTable.SCHEMA)
                .parquet(LiteralPaths.of(rows))
                .select(col(Columns.ID), lit("").as(Columns.CODE), col(BatchTable.RESPONSE));
        Dataset<Row> failed = spark.read()
                .schema(ErrorTable.SCHEMA)
                .parquet(LiteralPaths.of(errors))
                .select(col(Columns.ID), col(Columns.CODE), col(Columns.MESSAGE));
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        FlatMapFunction<Iterator<Row>, StagedFile> write =
                part -> write(part, staging, conf).iterator();
        return answered.union(failed).toJavaRDD().mapPartitions(write).collect();
    }

    private static List<StagedFile> write(Iterator<Row> rows, String staging, SerializableConfiguration conf)
            throws IOException {
        if (!rows.hasNext()) {
            return List.of();
        }
        String name = "lines-" + TaskContext.get().taskAttemptId() + ".jsonl";
        Path path = new Path(staging, name);
        long count = 0;
        try (Writer out = new BufferedWriter(
                new OutputStreamWriter(path.getFileSystem(conf.value()).create(path, true), StandardCharsets.UTF_8))) {
            for (; rows.hasNext(); count++) {
                out.write(line(rows.next()));
                out.write('\n');
            }
        }
        return List.of(new StagedFile(Kind.LINES, name, "", count, 0));
    }

    private static String line(Row row) {
        String code = row.getString(1);
        return code.isEmpty()
                ? OutputLine.answered(row.getString(0), row.getString(2))
                : OutputLine.failed(row.getString(0), RejectCode.valueOf(code), row.getString(2));
    }
}
