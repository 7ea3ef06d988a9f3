package io.textloom.spark;

import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.SideColumns;
import io.textloom.spark.stage.SideText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * What every job needs besides its own options.
 *
 * @param model built-in name, folder or URI; empty for a job that needs none
 * @param settings resolved key → value, for the manifest
 */
public record JobContext(
        SparkSession spark,
        String model,
        IntakeOptions intake,
        OutputOptions output,
        SortedMap<String, String> settings,
        Progress progress) {
    /**
     * The same with the columns that prompts read.
     *
     * @param text whether the text column is one of them; else the columns together stand for it
     */
    JobContext prompting(SideColumns columns, boolean text, SortedMap<String, String> withPrompts) {
        IntakeOptions reading = intake.keeping(columns.travelling(intake.keepColumns()));
        return new JobContext(spark, model, text ? reading : reading.withText(""), output, withPrompts, progress);
    }

    /** The same with a setting's value as it is meant. */
    JobContext with(String key, String value) {
        TreeMap<String, String> changed = new TreeMap<>(settings);
        changed.put(key, value);
        return new JobContext(spark, model, intake, output, changed, progress);
    }

    /** The same with one more column in the output, unless it is there. */
    JobContext keeping(String column) {
        if (intake.keepColumns().contains(column)) {
            return this;
        }
        List<String> columns = new ArrayList<>(intake.keepColumns());
        columns.add(column);
        return new JobContext(spark, model, intake.keeping(columns), output, settings, progress);
    }

    /** The same with one more column to read. */
    JobContext reading(Optional<SideText> side) {
        List<String> columns =
                side.map(text -> text.travelling(intake.keepColumns())).orElse(intake.keepColumns());
        return new JobContext(spark, model, intake.keeping(columns), output, settings, progress);
    }
}
