package io.textloom.spark.commit;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.spark.stage.Stage;
import io.textloom.table.LedgerTable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * What a run is given, and what follows from it alone.
 *
 * @param intake what is read, for the manifest
 * @param settings resolved key → value, for the manifest
 * @param versions what made the output: library, Java, operating system → version
 * @param rowsDone,tokensDone counters for display only
 * @param clock by which input files are old or new
 * @param fileBytes what small files are put together to
 */
record RunSetup(
        SparkSession spark,
        String job,
        Stage stage,
        OutputOptions options,
        IntakeOptions intake,
        Manifest.Model model,
        SortedMap<String, String> settings,
        SortedMap<String, String> versions,
        LongAccumulator rowsDone,
        LongAccumulator tokensDone,
        Clock clock,
        long fileBytes) {
    RunSetup {
        if (options.resume().deleted() == Deleted.DROP && intake.limit() > 0) {
            throw new IllegalArgumentException("deleted is drop but limit is " + intake.limit()
                    + ", and rows beyond it would count as vanished; leave out one of the two");
        }
    }

    Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }

    boolean dropsDuplicates() {
        return intake.duplicateIds() == DuplicateIds.KEEP_FIRST;
    }

    /** Whether tasks compute on the cards that Spark gives them. */
    boolean usesCards() {
        return !settings.getOrDefault("device", "cpu").equals("cpu");
    }

    /** Version of Textloom; empty where it is not known. */
    String version() {
        return versions.getOrDefault("textloom", "");
    }

    /** By which the runs are known that this one goes on with. @param before the last commit */
    RunKey key(Optional<Manifest> before) {
        return new RunKey(options.mode(), before.map(Manifest::lastRun).orElse(""), resultSettings());
    }

    private SortedMap<String, String> resultSettings() {
        return Manifest.resultSettings(settings, model);
    }

    /** Rows of {@link LedgerTable}. */
    Dataset<Row> readLedger(List<String> files) {
        return spark.read().schema(LedgerTable.SCHEMA).parquet(LiteralPaths.of(files));
    }

    /**
     * What the rows' files hold.
     *
     * @throws IllegalArgumentException if the input's columns cannot be kept
     */
    OutputLayout layout(Documents documents) {
        OutputLayout layout = new OutputLayout(
                stage.columns(),
                documents.kept(),
                options.partitionBy(),
                stage.sideText(),
                stage.sideColumns().hidden());
        if (stage.packsDocuments() && layout.hasKeptColumns()) {
            throw new IllegalArgumentException("keepColumns is " + intake.keepColumns()
                    + " but a block holds pieces of many documents; keep no columns, or choose other tokenize.rows");
        }
        return layout;
    }

    /**
     * The last commit, if there is one.
     *
     * @throws OutputException if the output must not be touched as asked
     */
    Optional<Manifest> committed(OutputDirectory output) {
        Optional<Manifest> manifest = output.manifest();
        if (manifest.isEmpty()) {
            if (output.hasVisibleFiles() && !output.hasUnfinishedCommit()) {
                throw new OutputException(output.path() + " holds files but no Textloom manifest;"
                        + " choose another --output or empty that directory");
            }
            return manifest;
        }
        Manifest found = manifest.get();
        if (options.mode() == RunMode.FAIL) {
            throw new OutputException(output.path() + " already holds the output of a " + found.job()
                    + " job; choose another --output, or --mode resume or overwrite");
        }
        if (options.mode() == RunMode.RESUME) {
            List<String> differing = found.differences(job, resultSettings());
            if (!differing.isEmpty()) {
                throw new OutputException(output.path() + " was made with other settings: "
                        + String.join(", ", differing)
                        + "; use the same settings, --mode overwrite, or another --output");
            }
        }
        return manifest;
    }
}
