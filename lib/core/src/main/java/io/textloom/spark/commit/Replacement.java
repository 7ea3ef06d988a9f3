package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Rewrites the committed files that hold older rows of an id, without these rows; a plain reader then sees each id once after the commit. */
final class Replacement {
    static final String REPLACED_ID = "replaced_id";

    /** Committed files and those that take their place. */
    record Rewritten(List<Manifest.File> old, List<StagedFile> files) {}

    private final OutputDirectory output;

    Replacement(OutputDirectory output) {
        this.output = output;
    }

    /** Whether a run leaves committed rows that must go. */
    static boolean isNeeded(List<TaskReport> reports) {
        return reports.stream()
                .anyMatch(r -> r.rowsReplaced() > 0
                        || r.files().stream().anyMatch(f -> f.kind() == Kind.VANISHED && f.rows() > 0));
    }

    /** @param replaced ids whose older rows go, column {@value #REPLACED_ID} */
    List<Rewritten> rewrite(Manifest manifest, Rewriting rewriting, Dataset<Row> replaced) {
        List<Manifest.File> all = manifest.files().stream()
                .filter(f -> f.kind() == rewriting.kind())
                .toList();
        Set<String> holders = new HashSet<>();
        rewriting
                .read(paths(all))
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
                rewritten.add(new Rewritten(files, rewrite(rewriting, directory, files, replaced))));
        return rewritten;
    }

    private List<StagedFile> rewrite(
            Rewriting rewriting, String directory, List<Manifest.File> files, Dataset<Row> replaced) {
        Dataset<Row> left = rewriting
                .read(paths(files))
                .join(replaced, col(Columns.ID).equalTo(col(REPLACED_ID)), "left_anti")
                .coalesce(files.size());
        return rewriting
                .write(left, rewriting.kind() == Kind.ROWS ? directory : "")
                .collect();
    }

    private List<String> paths(List<Manifest.File> files) {
        return files.stream().map(f -> output.path() + "/" + f.path()).toList();
    }
}
