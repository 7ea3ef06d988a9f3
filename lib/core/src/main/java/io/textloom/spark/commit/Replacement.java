package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rewrites the committed files that hold older rows of an id, without these rows; a plain reader then sees each id once after the commit. */
final class Replacement {
    static final String REPLACED_ID = "replaced_id";

    /** Committed files and those that take their place. */
    record Rewritten(List<Manifest.File> old, List<StagedFile> files) {}

    private final SparkSession spark;
    private final OutputDirectory output;
    private final String staging;
    private final long fileTokens;

    /** @param fileTokens size of a file of rows, about; unit: tokens */
    Replacement(SparkSession spark, OutputDirectory output, String staging, long fileTokens) {
        this.spark = spark;
        this.output = output;
        this.staging = staging;
        this.fileTokens = fileTokens;
    }

    /** @param replaced ids whose older rows go, column {@value #REPLACED_ID} */
    List<Rewritten> rewrite(
            Manifest manifest, Kind kind, TableFormat table, OutputFormat format, Dataset<Row> replaced) {
        List<Manifest.File> all =
                manifest.files().stream().filter(f -> f.kind() == kind).toList();
        Set<String> holders = new HashSet<>();
        read(all, table, format)
                .select(col(Columns.ID), col("_metadata.file_path").as("file"))
                .join(replaced, col(Columns.ID).equalTo(col(REPLACED_ID)), "left_semi")
                .select("file")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList()
                .forEach(uri -> holders.add(output.relative(uri)));
        Map<String, List<Manifest.File>> byDirectory = new TreeMap<>();
        for (Manifest.File file : all) {
            if (holders.contains(file.path())) {
                byDirectory
                        .computeIfAbsent(file.directory(), d -> new ArrayList<>())
                        .add(file);
            }
        }
        List<Rewritten> rewritten = new ArrayList<>();
        byDirectory.forEach((directory, files) ->
                rewritten.add(new Rewritten(files, rewrite(kind, directory, files, table, format, replaced))));
        return rewritten;
    }

    private List<StagedFile> rewrite(
            Kind kind,
            String directory,
            List<Manifest.File> files,
            TableFormat table,
            OutputFormat format,
            Dataset<Row> replaced) {
        Dataset<Row> left = read(files, table, format)
                .join(replaced, col(Columns.ID).equalTo(col(REPLACED_ID)), "left_anti")
                .coalesce(files.size());
        String target = staging;
        String inTable = kind == Kind.ROWS ? directory : "";
        long size = fileTokens;
        int tokens = List.of(table.schema().fieldNames()).indexOf(Columns.N_TOKENS);
        FlatMapFunction<Iterator<InternalRow>, StagedFile> write = rows -> {
            String suffix = "rewritten-" + TaskContext.get().taskAttemptId();
            try (TableWriters writers = new TableWriters(target, suffix, size)) {
                rows.forEachRemaining(
                        row -> writers.write(kind, table, inTable, row, tokens < 0 ? 0 : row.getInt(tokens)));
                return writers.finish().iterator();
            }
        };
        return left.queryExecution().toRdd().toJavaRDD().mapPartitions(write).collect();
    }

    private Dataset<Row> read(List<Manifest.File> files, TableFormat table, OutputFormat format) {
        return spark.read()
                .schema(table.schema())
                .format(format.name().toLowerCase(Locale.ROOT))
                .load(LiteralPaths.of(
                        files.stream().map(f -> output.path() + "/" + f.path()).toList()));
    }
}
