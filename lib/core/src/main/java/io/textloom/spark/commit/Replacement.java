package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.table.Columns;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rewrites the committed files that hold older versions of rows, without these rows; a plain reader then sees each id once after the commit. */
final class Replacement {
    /** A committed file and what takes its place. */
    record Rewritten(Manifest.File old, StagedFile file) {}

    static final String REPLACED_ID = "replaced_id";

    private final SparkSession spark;
    private final OutputDirectory output;
    private final String staging;

    Replacement(SparkSession spark, OutputDirectory output, String staging) {
        this.spark = spark;
        this.output = output;
        this.staging = staging;
    }

    /**
     * @param replaced ids whose older rows go, column {@value #REPLACED_ID}
     * @param format the reader's name of the file format
     */
    List<Rewritten> rewrite(Manifest manifest, Kind kind, TableFormat table, String format, Dataset<Row> replaced) {
        Set<String> holders = new HashSet<>(spark
                .read()
                .schema(table.schema())
                .format(format)
                .load(paths(manifest, kind))
                .select(col(Columns.ID), col("_metadata.file_path").as("file"))
                .join(replaced, col(Columns.ID).equalTo(col(REPLACED_ID)), "left_semi")
                .select("file")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .map(uri -> new Path(URI.create(uri)).getName())
                .toList());
        List<Rewritten> rewritten = new ArrayList<>();
        for (Manifest.File file : manifest.files()) {
            if (file.kind() == kind && holders.contains(new Path(file.path()).getName())) {
                rewritten.add(new Rewritten(file, rewrite(file, table, format, replaced, rewritten.size())));
            }
        }
        return rewritten;
    }

    private StagedFile rewrite(
            Manifest.File file, TableFormat table, String format, Dataset<Row> replaced, int number) {
        Dataset<Row> left = spark.read()
                .schema(table.schema())
                .format(format)
                .load(output.path() + "/" + file.path())
                .join(replaced, col(Columns.ID).equalTo(col(REPLACED_ID)), "left_anti")
                .coalesce(1);
        Kind kind = file.kind();
        String parent = new Path(file.path()).getParent().toString();
        String directory = kind == Kind.ROWS && !parent.equals(".") && !parent.isEmpty() ? parent : "";
        String target = staging;
        String suffix = "rewritten-" + number;
        FlatMapFunction<Iterator<InternalRow>, StagedFile> write = rows -> {
            try (TableWriters writers = new TableWriters(target, suffix)) {
                rows.forEachRemaining(row -> writers.write(kind, table, directory, row));
                writers.touch(kind, table, directory);
                return writers.finish().iterator();
            }
        };
        return left.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(write)
                .collect()
                .get(0);
    }

    private String[] paths(Manifest manifest, Kind kind) {
        return manifest.files().stream()
                .filter(f -> f.kind() == kind)
                .map(f -> output.path() + "/" + f.path())
                .toArray(String[]::new);
    }
}
