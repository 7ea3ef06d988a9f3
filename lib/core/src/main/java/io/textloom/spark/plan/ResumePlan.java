package io.textloom.spark.plan;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputDirectory;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.Columns;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a run would meet in its output directory.
 *
 * @param mode as asked
 * @param madeBy job whose output is there; empty for none
 * @param rowsKnown rows of the ledger: written or rejected
 * @param rowsRejected those of them that were rejected
 * @param unfinishedCommit whether a commit was cut off, which the run would finish first
 * @param differing settings that were others when the output was made, for which a resume is refused
 * @param refusal why the run would end before it does anything; empty if it would not
 * @param doneShare of the sample's sound rows, those whose result is there and stays, from 0 to 1
 */
public record ResumePlan(
        String mode,
        String madeBy,
        long rowsKnown,
        long rowsRejected,
        boolean unfinishedCommit,
        List<String> differing,
        String refusal,
        double doneShare) {
    public ResumePlan {
        differing = List.copyOf(differing);
    }

    static ResumePlan of(
            SparkSession spark,
            String job,
            OutputOptions options,
            Manifest.Model model,
            SortedMap<String, String> settings,
            Documents sample) {
        OutputDirectory output =
                OutputDirectory.open(options.path(), spark.sparkContext().hadoopConfiguration());
        String mode = options.mode().name().toLowerCase(java.util.Locale.ROOT);
        Optional<Manifest> manifest = output.manifest();
        boolean unfinished = output.hasUnfinishedCommit();
        if (manifest.isEmpty()) {
            String stranger = output.hasVisibleFiles() && !unfinished
                    ? "the output holds files but no Textloom manifest; choose another --output or empty that directory"
                    : "";
            return new ResumePlan(mode, "", 0, 0, unfinished, List.of(), stranger, 0);
        }
        Manifest found = manifest.get();
        List<String> differing = found.differences(job, Manifest.resultSettings(settings, model));
        String refusal = switch (options.mode()) {
            case RESUME -> differing.isEmpty() ? "" : "the output was made with other settings";
            case FAIL -> "mode is fail, and the output holds results";
            case OVERWRITE -> "";
        };
        boolean resumes = options.mode() == RunMode.RESUME && differing.isEmpty();
        Manifest.Counts counts = found.counts();
        return new ResumePlan(
                mode,
                found.job(),
                counts.documentsOut() + counts.rowsRejected(),
                counts.rowsRejected(),
                unfinished,
                differing,
                refusal,
                resumes ? doneShare(spark, output, found, sample) : 0);
    }

    /** By id and content hash, as a resume knows rows; ids made from the content are right but for repeated texts. */
    private static double doneShare(SparkSession spark, OutputDirectory output, Manifest manifest, Documents sample) {
        List<String> ledger = manifest.files().stream()
                .filter(file -> file.kind() == Kind.LEDGER)
                .map(file -> output.path() + "/" + file.path())
                .toList();
        Dataset<Row> sound = sample.rows().filter(col(Intake.CODE).isNull()).select(Intake.ID, Intake.HASH);
        long rows = sound.count();
        if (rows == 0 || ledger.isEmpty()) {
            return 0;
        }
        Dataset<Row> known = spark.read()
                .parquet(LiteralPaths.of(ledger))
                .filter(col(Columns.REJECTED).equalTo(false))
                .select(
                        col(Columns.ID).as("known_id"),
                        col(Columns.CONTENT_HASH).as("known_hash"));
        long done = sound.join(
                        known,
                        col(Intake.ID)
                                .equalTo(col("known_id"))
                                .and(col(Intake.HASH).equalTo(col("known_hash"))),
                        "left_semi")
                .count();
        return (double) done / rows;
    }
}
