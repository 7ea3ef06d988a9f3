package io.textloom.jobs;

import io.textloom.spark.commit.JobRun;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** A job of {@link SegfaultStage}: {@code INPUT OUTPUT PARTITIONS MILLIS_PER_ROW}. */
public final class SegfaultMain {
    private SegfaultMain() {}

    public static void main(String[] args) {
        int code = 0;
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            IntakeOptions intake = new IntakeOptions(
                    List.of(args[0]),
                    InputFormat.AUTO,
                    DocumentUnit.LINE,
                    "text",
                    "id",
                    DuplicateIds.ERROR,
                    List.of(),
                    "",
                    0,
                    Integer.parseInt(args[2]));
            JobRun run = new JobRun(
                    spark,
                    "lengths",
                    new SegfaultStage(Integer.parseInt(args[3])),
                    new OutputOptions(args[1], RunMode.RESUME, 1, List.of(), OutputFormat.PARQUET),
                    intake,
                    new Manifest.Model("none", "file:/none", "00"),
                    new TreeMap<>(),
                    new TreeMap<>(),
                    spark.sparkContext().longAccumulator(),
                    spark.sparkContext().longAccumulator());
            run.run(new Intake(spark, intake)::documents);
        } catch (Throwable e) { // Spark throws checked exceptions that Java does not see
            Failure failure = Failure.of(e);
            System.err.println(failure.message());
            code = failure.exit().code();
        }
        System.exit(code);
    }
}
