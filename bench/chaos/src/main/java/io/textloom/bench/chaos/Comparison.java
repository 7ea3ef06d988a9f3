package io.textloom.bench.chaos;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Compares outputs row for row, and the files of one with its manifest. */
final class Comparison {
    private static final double TOLERANCE = 1e-6;
    private static final Set<String> PARTS = Set.of("id", "chunk_index", "sample_index", "sentence_index");

    private final SparkSession spark;

    Comparison(SparkSession spark) {
        this.spark = spark;
    }

    /**
     * What is wrong with an output.
     *
     * @param lost rows of the expected output that are not there, or differ
     * @param unexpected rows that the expected output does not have
     * @param duplicated rows of which there is more than one
     * @param orphans visible files without a place in the manifest, entries without their file, and what is left of staging
     */
    record Difference(long rows, long lost, long unexpected, long duplicated, List<String> orphans) {
        boolean none() {
            return lost == 0 && unexpected == 0 && duplicated == 0 && orphans.isEmpty();
        }

        /** Of an output that cannot be read: all of it is lost. */
        static Difference unreadable(long expected) {
            return new Difference(0, expected, 0, 0, List.of());
        }

        String text() {
            return none()
                    ? rows + " rows equal"
                    : "WRONG: " + lost + " lost, " + unexpected + " unexpected, " + duplicated + " duplicated, orphans "
                            + orphans;
        }
    }

    /** @param expected,found output directories */
    Difference compare(String expected, String found, FileSystem fs) throws IOException {
        Dataset<Row> a = spark.read().parquet(expected);
        Dataset<Row> b = spark.read().parquet(found);
        String[] columns =
                Arrays.stream(a.columns()).filter(c -> !c.equals("embedding")).toArray(String[]::new);
        long lost = exact(a, columns).exceptAll(exact(b, columns)).count();
        long unexpected = exact(b, columns).exceptAll(exact(a, columns)).count();
        Column[] key = Arrays.stream(a.columns())
                .filter(PARTS::contains)
                .map(org.apache.spark.sql.functions::col)
                .toArray(Column[]::new);
        long rows = b.count();
        long duplicated = rows - b.select(key).distinct().count();
        if (List.of(a.columns()).contains("embedding")) {
            lost += differing(a, b);
        }
        String[] told = {"id", "stage", "code", "message", "input"};
        Dataset<Row> errors = spark.read().parquet(expected + "/_textloom/errors");
        Dataset<Row> foundErrors = spark.read().parquet(found + "/_textloom/errors");
        lost += exact(errors, told).exceptAll(exact(foundErrors, told)).count();
        unexpected += exact(foundErrors, told).exceptAll(exact(errors, told)).count();
        return new Difference(rows, lost, unexpected, duplicated, orphans(new OutputWatch(fs, found), found));
    }

    /** Of the rows alone; errors are counted elsewhere. */
    Difference compareRows(String expected, String found, List<String> orphans) {
        Dataset<Row> a = spark.read().parquet(expected);
        Dataset<Row> b = spark.read().parquet(found);
        long rows = b.count();
        return new Difference(
                rows,
                a.exceptAll(b).count(),
                b.exceptAll(a).count(),
                rows - b.select("id").distinct().count(),
                orphans);
    }

    private static Dataset<Row> exact(Dataset<Row> rows, String... columns) {
        return rows.select(
                Arrays.stream(columns).map(org.apache.spark.sql.functions::col).toArray(Column[]::new));
    }

    private static long differing(Dataset<Row> expected, Dataset<Row> found) {
        UDF2<scala.collection.Seq<Float>, scala.collection.Seq<Float>, Boolean> differ = (x, y) -> {
            if (x.size() != y.size()) {
                return true;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!(Math.abs(x.apply(i) - y.apply(i)) <= TOLERANCE)) {
                    return true;
                }
            }
            return false;
        };
        return expected.select(col("id"), col("chunk_index"), col("embedding"))
                .join(
                        found.select(
                                col("id"), col("chunk_index"), col("embedding").as("found")),
                        scala.collection.JavaConverters.asScalaBuffer(List.of("id", "chunk_index"))
                                .toSeq())
                .filter(udf(differ, DataTypes.BooleanType).apply(col("embedding"), col("found")))
                .count();
    }

    static List<String> orphans(OutputWatch watch, String output) throws IOException {
        Set<String> files = watch.files();
        Set<String> named = new TreeSet<>();
        for (JsonNode file : watch.manifest().path("files")) {
            named.add(file.path("path").asText());
        }
        List<String> orphans = new ArrayList<>();
        files.stream().filter(f -> !named.contains(f)).forEach(orphans::add);
        named.stream().filter(f -> !files.contains(f)).forEach(f -> orphans.add("missing " + f));
        watch.staged().forEach(run -> orphans.add("staging " + run));
        if (watch.locked()) {
            orphans.add("lock of " + output);
        }
        return orphans;
    }

    /** Visible Parquet files that cannot be read to their end; empty if all can. */
    static List<String> halfFiles(OutputWatch watch, String output, Configuration conf) throws IOException {
        List<String> half = new ArrayList<>();
        for (String file : watch.files()) {
            if (!file.endsWith(".parquet")) {
                continue;
            }
            try (ParquetFileReader reader =
                    ParquetFileReader.open(HadoopInputFile.fromPath(new Path(output, file), conf))) {
                while (reader.readNextRowGroup() != null) {
                    // to the end
                }
            } catch (RuntimeException | IOException e) {
                half.add(file + " (" + e.getMessage() + ")");
            }
        }
        return half;
    }

    /** Id and reject code of all errors of an output. */
    Map<String, Long> errorCodes(String output) {
        Map<String, Long> codes = new java.util.TreeMap<>();
        for (Row row : spark.read()
                .parquet(output + "/_textloom/errors")
                .groupBy("code")
                .count()
                .collectAsList()) {
            codes.put(row.getString(0), row.getLong(1));
        }
        return codes;
    }

    /** Rows of an output. */
    long rows(String output) {
        return spark.read().parquet(output).count();
    }

    SparkSession spark() {
        return spark;
    }
}
