package io.textloom.spark;

import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.PriceOptions;
import io.textloom.spark.stage.SideColumns;
import io.textloom.spark.stage.SideText;
import io.textloom.table.BatchTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * What every job needs besides its own options.
 *
 * @param model built-in name, folder or URI; empty for a job that needs none
 * @param settings resolved key → value, for the manifest
 * @param prices of computing, for the cost
 */
public record JobContext(
        SparkSession spark,
        String model,
        IntakeOptions intake,
        OutputOptions output,
        SortedMap<String, String> settings,
        PriceOptions prices,
        Progress progress) {
    /** Without prices. */
    public JobContext(
            SparkSession spark,
            String model,
            IntakeOptions intake,
            OutputOptions output,
            SortedMap<String, String> settings,
            Progress progress) {
        this(spark, model, intake, output, settings, PriceOptions.NONE, progress);
    }

    /**
     * The same with the columns that prompts read.
     *
     * @param text whether the text column is one of them; else the columns together stand for it
     */
    JobContext prompting(SideColumns columns, boolean text, SortedMap<String, String> withPrompts) {
        IntakeOptions reading = intake.keeping(columns.travelling(intake.keepColumns()));
        return new JobContext(
                spark, model, text ? reading : reading.withText(""), output, withPrompts, prices, progress);
    }

    /**
     * The same for OpenAI's batch files.
     *
     * @throws IllegalArgumentException if the output cannot hold their answers as asked
     */
    JobContext batch() {
        if (!output.partitionBy().isEmpty()) {
            throw new IllegalArgumentException("partitionBy is " + output.partitionBy()
                    + " but the answers of a batch have no columns to go by; leave it out");
        }
        return new JobContext(spark, model, intake.ofBatch(), output, settings, prices, progress);
    }

    /** @throws IllegalArgumentException if the formats are those of batches and the job's rows are not, or the other way round */
    void requireBatchOf(StructType columns) {
        boolean batch = columns.equals(BatchTable.SCHEMA);
        if (!batch && intake.format() == InputFormat.OPENAI_BATCH) {
            throw new IllegalArgumentException(
                    "inputFormat is openai-batch, whose requests the jobs generate and embed answer; expected another");
        }
        if (!batch && output.format() == OutputFormat.OPENAI_BATCH) {
            throw new IllegalArgumentException("outputFormat is openai-batch but the input is no batch; expected"
                    + " --input-format openai-batch with it, in the jobs generate and embed");
        }
    }

    /** The same with a setting's value as it is meant. */
    JobContext with(String key, String value) {
        TreeMap<String, String> changed = new TreeMap<>(settings);
        changed.put(key, value);
        return new JobContext(spark, model, intake, output, changed, prices, progress);
    }

    /** The same with one more column in the output, unless it is there. */
    JobContext keeping(String column) {
        if (intake.keepColumns().contains(column)) {
            return this;
        }
        List<String> columns = new ArrayList<>(intake.keepColumns());
        columns.add(column);
        return new JobContext(spark, model, intake.keeping(columns), output, settings, prices, progress);
    }

    /** The same with one more column to read. */
    JobContext reading(Optional<SideText> side) {
        List<String> columns =
                side.map(text -> text.travelling(intake.keepColumns())).orElse(intake.keepColumns());
        return new JobContext(spark, model, intake.keeping(columns), output, settings, prices, progress);
    }
}
