package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.Columns;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Reads files of one table and writes rows of them into staging again.
 *
 * @param staging directory of the run
 * @param fileTokens size of a file of rows, about; unit: tokens
 */
record Rewriting(
        SparkSession spark, Kind kind, TableFormat table, OutputFormat format, String staging, long fileTokens) {
    Dataset<Row> read(List<String> files) {
        return spark.read().schema(table.schema()).format(format.ofRows()).load(LiteralPaths.of(files));
    }

    /** Each partition into files of its own; lazy. @param directory partition directory below the table; empty for none */
    JavaRDD<StagedFile> write(Dataset<Row> rows, String directory) {
        Kind ofKind = kind;
        TableFormat to = table;
        String target = staging;
        long size = fileTokens;
        // task attempts count anew in each process, and what a killed one wrote may still lie there
        String prefix = "rewritten-" + UUID.randomUUID().toString().substring(0, 8);
        int tokens = List.of(table.schema().fieldNames()).indexOf(Columns.N_TOKENS);
        FlatMapFunction<Iterator<InternalRow>, StagedFile> write = partition -> {
            String suffix = prefix + "-" + TaskContext.get().taskAttemptId();
            try (TableWriters writers = new TableWriters(target, suffix, size)) {
                partition.forEachRemaining(
                        row -> writers.write(ofKind, to, directory, row, tokens < 0 ? 0 : row.getInt(tokens)));
                return writers.finish().iterator();
            }
        };
        return rows.queryExecution().toRdd().toJavaRDD().mapPartitions(write);
    }

    /** Runs several {@link #write}s at once. */
    static List<StagedFile> collect(SparkSession spark, List<JavaRDD<StagedFile>> writes) {
        @SuppressWarnings("unchecked")
        JavaRDD<StagedFile>[] all = writes.toArray(JavaRDD[]::new);
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .union(all)
                .collect();
    }
}
