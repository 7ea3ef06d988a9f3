package io.textloom.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputDirectory;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.spark.lineage.Redaction;
import io.textloom.table.Columns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Computes a sample of an output's documents once more, from the input and with the settings that the manifest names, and compares every column.
 *
 * <p>The sampled documents go to a table of their own, with the ids that they have in the output, because an id may depend on the rest of the input; the job runs on that
 * table into a directory below {@code _textloom}, which is deleted afterwards.
 */
final class Recomputation {
    /** This output cannot be computed again, for a reason that is no fault of it. */
    static final class ImpossibleException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ImpossibleException(String message) {
            super(message);
        }
    }

    private static final String ID = "__textloom_id";
    /** Problems that are named one by one. */
    private static final int MOST_NAMED = 20;

    private final SparkSession spark;
    private final OutputDirectory output;
    private final Manifest manifest;
    private final JobBySettings job;
    private final VerifyOptions options;
    private long documents;

    Recomputation(
            SparkSession spark, OutputDirectory output, Manifest manifest, JobBySettings job, VerifyOptions options) {
        this.spark = spark;
        this.output = output;
        this.manifest = manifest;
        this.job = job;
        this.options = options;
    }

    /** Documents that were computed again. */
    long documents() {
        return documents;
    }

    /**
     * Differences in words.
     *
     * @throws ImpossibleException if this kind of output cannot be computed in parts, or its model is gone
     */
    List<String> problems(Dataset<Row> rows, Dataset<Row> ledger) {
        if (OutputTables.outputFormat(manifest) == OutputFormat.OPENAI_BATCH) {
            throw new ImpossibleException("Answers of a batch are not computed again; leave out verify.recompute");
        }
        if (BlockVerification.holdsBlocks(rows)) {
            throw new ImpossibleException(
                    "Blocks hold pieces of many documents and are not computed again; leave out verify.recompute");
        }
        if (Redaction.hidesSomething(manifest.model().uri())) {
            throw new ImpossibleException("The model " + manifest.model().uri()
                    + " had credentials, which the manifest does not keep; nothing was computed again");
        }
        Map<String, String> hashes = sample(ledger);
        if (hashes.isEmpty()) {
            return List.of();
        }
        String place = output.temporaryPath("recompute-" + UUID.randomUUID());
        try {
            Set<String> found = write(hashes, place + "/input");
            List<String> problems = new ArrayList<>();
            for (String id : hashes.keySet()) {
                if (!found.contains(id)) {
                    problems.add("The input has no document " + id + " with the content that the output was made of;"
                            + " run the job again, which does what changed");
                }
            }
            JobReport report = job.run(spark, manifest.job(), settings(place));
            documents = found.size();
            if (!report.modelSha256().equals(manifest.model().sha256())) {
                throw new ImpossibleException("The model " + manifest.model().name() + " has sha-256 "
                        + report.modelSha256() + " now, but the output was made with "
                        + manifest.model().sha256()
                        + "; put that one back to compute rows again");
            }
            compare(rows, found, place + "/output", problems);
            return problems;
        } finally {
            delete(place);
        }
    }

    /** Id → content hash; the same ids for the same seed, however the ledger lies. */
    private Map<String, String> sample(Dataset<Row> ledger) {
        Map<String, String> hashes = new LinkedHashMap<>();
        ledger.filter(col(Columns.REJECTED).equalTo(false))
                .select(col(Columns.ID), col(Columns.CONTENT_HASH))
                .orderBy(xxhash64(col(Columns.ID), lit(options.seed())), col(Columns.ID))
                .limit(options.recompute())
                .collectAsList()
                .forEach(row -> hashes.put(row.getString(0), row.getString(1)));
        return hashes;
    }

    /** Writes the sampled documents as a table. @return ids of those that the input still has as they were */
    private Set<String> write(Map<String, String> hashes, String place) {
        IntakeOptions intake = manifest.intake();
        Dataset<Row> sampled = new Intake(spark, intake)
                .documents()
                .rows()
                .filter(col(Intake.CODE)
                        .isNull()
                        .and(col(Intake.ID).isin(hashes.keySet().toArray()))
                        .and(concat(col(Intake.HASH), col(Intake.ID))
                                .isin(hashes.entrySet().stream()
                                        .map(entry -> entry.getValue() + entry.getKey())
                                        .toArray())));
        List<Column> columns = new ArrayList<>();
        columns.add(col(Intake.ID).as(idColumn()));
        for (String name : intake.keepColumns()) {
            if (!name.equals(idColumn())) {
                columns.add(col(Columns.quoted(name)));
            }
        }
        if (!intake.textColumn().isEmpty() && !intake.keepColumns().contains(intake.textColumn())) {
            columns.add(col(Intake.TEXT).as(intake.textColumn()));
        }
        sampled.select(columns.toArray(Column[]::new)).coalesce(1).write().parquet(place);
        Set<String> found = new HashSet<>();
        spark.read()
                .parquet(LiteralPaths.of(place))
                .select(Columns.quoted(idColumn()))
                .collectAsList()
                .forEach(row -> found.add(row.getString(0)));
        return found;
    }

    /** The column that ids come from; of its own where the output has ids made of the content. */
    private String idColumn() {
        return manifest.intake().idColumn().isEmpty() ? ID : manifest.intake().idColumn();
    }

    private SortedMap<String, String> settings(String place) {
        TreeMap<String, String> settings = new TreeMap<>(manifest.settings());
        settings.putAll(Map.of(
                "input", "[\"" + place.replace("\\", "\\\\").replace("\"", "\\\"") + "/input\"]",
                "inputFormat", "parquet",
                "idColumn", idColumn(),
                "where", "",
                "limit", "0",
                "output", place + "/output",
                "outputFormat", "parquet",
                "partitionBy", "[]",
                "mode", "overwrite",
                "maxErrorRatio", "1"));
        settings.put("deleted", "keep");
        settings.put("report", "");
        // a folder may have been named from another working directory
        if (manifest.model().parts().isEmpty() && manifest.model().uri().contains(":/")) {
            settings.put("model", manifest.model().uri());
        }
        return settings;
    }

    private void compare(Dataset<Row> rows, Set<String> ids, String place, List<String> problems) {
        Column sampled = col(Columns.ID).isin(ids.toArray());
        Dataset<Row> again = spark.read().parquet(LiteralPaths.of(place));
        Set<String> columns = new HashSet<>(List.of(rows.columns()));
        columns.retainAll(List.of(again.columns()));
        Column[] common = List.of(again.columns()).stream()
                .filter(columns::contains)
                .map(name -> col(Columns.quoted(name)))
                .toArray(Column[]::new);
        RowComparison comparison = new RowComparison(rows.select(common).schema());
        comparison.compare(
                rows.filter(sampled).select(common).collectAsList(),
                again.select(common).collectAsList());
        List<String> differences = comparison.differences();
        problems.addAll(differences.subList(0, Math.min(MOST_NAMED, differences.size())));
        if (differences.size() > MOST_NAMED) {
            problems.add((differences.size() - MOST_NAMED) + " more differences of recomputed rows");
        }
    }

    private void delete(String place) {
        try {
            output.deleteTemporary(place);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + place + "; delete it by hand", e);
        }
    }
}
