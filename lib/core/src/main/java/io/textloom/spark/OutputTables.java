package io.textloom.spark;

import com.typesafe.config.ConfigFactory;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables of an output, read from files that are named one by one: a damaged file is left out. */
final class OutputTables {
    private final SparkSession spark;
    private final String output;
    private final Manifest manifest;

    /** @param output path of the output directory */
    OutputTables(SparkSession spark, String output, Manifest manifest) {
        this.spark = spark;
        this.output = output;
        this.manifest = manifest;
    }

    static OutputFormat outputFormat(Manifest manifest) {
        return OutputFormat.valueOf(manifest.settings()
                .getOrDefault("outputFormat", "parquet")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_'));
    }

    /** Spark's name of the rows' format. */
    static String format(Manifest manifest) {
        return outputFormat(manifest).ofRows();
    }

    /** A committed file's path as Spark's readers want it. */
    static String literal(String output, String file) {
        return LiteralPaths.of(output + "/" + file);
    }

    /** The output's columns that are copies of the input's. What a prompt read besides is not in the output. */
    static Set<String> keptColumns(Manifest manifest) {
        TreeSet<String> kept = new TreeSet<>();
        if (manifest.settings().containsKey("keepColumns")) {
            ConfigFactory.parseString("list = " + manifest.settings().get("keepColumns"))
                    .getList("list")
                    .forEach(value -> kept.add(String.valueOf(value.unwrapped())));
        } else {
            kept.addAll(manifest.intake().keepColumns());
        }
        String label = manifest.settings().getOrDefault("score.labelColumn", "");
        if (!label.isEmpty()) {
            kept.add(label);
        }
        return kept;
    }

    List<Manifest.File> files(Kind kind) {
        return manifest.files().stream().filter(file -> file.kind() == kind).toList();
    }

    /** A table without the files that are named. */
    Dataset<Row> table(Kind kind, Set<String> without) {
        List<String> files = files(kind).stream()
                .map(Manifest.File::path)
                .filter(path -> !without.contains(path))
                .toList();
        return table(kind, files).orElseGet(() -> spark.createDataFrame(List.of(), schema(kind, without)));
    }

    private Optional<Dataset<Row>> table(Kind kind, Collection<String> files) {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        String[] paths = files.stream().map(file -> literal(output, file)).toArray(String[]::new);
        // directories column=value count as columns below this place
        DataFrameReader reader = spark.read();
        return Optional.of(
                switch (kind) {
                    case ERRORS -> reader.schema(ErrorTable.SCHEMA).parquet(paths);
                    case LEDGER -> reader.schema(LedgerTable.SCHEMA).parquet(paths);
                    case LINES -> reader.text(paths);
                    case VANISHED -> throw new IllegalStateException("Ids that vanished are no table of the output");
                    case ROWS ->
                        reader.option("basePath", output)
                                .format(format(manifest))
                                .load(paths);
                });
    }

    private static StructType schema(Kind kind, Set<String> without) {
        return switch (kind) {
            case ERRORS -> ErrorTable.SCHEMA;
            case LEDGER -> LedgerTable.SCHEMA;
            case LINES, VANISHED -> new StructType().add("value", DataTypes.StringType);
            case ROWS ->
                throw new DamagedOutputException("No file of rows can be read"
                        + (without.isEmpty() ? "" : ": " + without.size() + " are damaged or missing")
                        + "; restore them from a copy, or run the job again with --mode overwrite");
        };
    }

    /** There is nothing to count. */
    static final class DamagedOutputException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DamagedOutputException(String message) {
            super(message);
        }
    }
}
