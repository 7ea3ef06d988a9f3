package io.textloom.spark;

import io.textloom.model.ModelRef;
import io.textloom.spark.commit.JobRun;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.LineageRun;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.lineage.RunObserver;
import io.textloom.spark.lineage.Versions;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Stage;
import io.textloom.token.Lengths;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/** One run of a job: models, stage, commit, report; what is written down of it holds no secrets. */
final class JobExecution {
    private final JobSpec spec;
    private final String job;
    private final JobContext context;
    private final SparkSession spark;
    private final Configuration conf;
    private final SortedMap<String, String> settings;
    private final SortedMap<String, String> versions;

    JobExecution(JobSpec spec) {
        this.spec = spec;
        job = spec.job();
        context = spec.context();
        spark = context.spark();
        conf = spark.sparkContext().hadoopConfiguration();
        settings = Redaction.settings(context.settings());
        versions = Versions.of(spark);
    }

    JobReport run() {
        LongAccumulator rowsDone = spark.sparkContext().longAccumulator("textloom.rows");
        LongAccumulator tokensDone = spark.sparkContext().longAccumulator("textloom.tokens");
        ProgressListener listener = new ProgressListener(context.progress(), rowsDone, tokensDone);
        context.progress().started(job);
        spark.sparkContext().addSparkListener(listener);
        try {
            List<ModelRef> refs = spec.resolve(conf);
            Manifest.Model model = ModelFacts.of(refs, conf);
            try (LineageRun lineage = LineageRun.start(spark, facts(model))) {
                try {
                    JobRun.Result result = commit(spec.stages().apply(refs, conf), model, rowsDone, tokensDone);
                    lineage.complete(() -> made(result));
                    return report(model, result);
                } catch (Throwable e) { // Spark throws checked exceptions undeclared
                    lineage.failed(e);
                    throw e;
                }
            }
        } finally {
            spark.sparkContext().removeSparkListener(listener);
            context.progress().finished();
        }
    }

    private JobRun.Result commit(
            Stage stage, Manifest.Model model, LongAccumulator rowsDone, LongAccumulator tokensDone) {
        context.requireBatchOf(stage.columns());
        IntakeOptions intake = context.intake().qualified(conf);
        JobRun run = new JobRun(
                        spark,
                        job,
                        stage,
                        context.output(),
                        intake.withInputs(Redaction.inputs(intake.inputs())),
                        model,
                        settings,
                        versions,
                        rowsDone,
                        tokensDone)
                .observedBy(new RunObserver(
                        spark, context.prices(), model.name(), versions, settings.getOrDefault(job + ".seed", "")));
        return run.run(new Intake(spark, context.intake(), stage.taskSize()));
    }

    private LineageRun.Facts facts(Manifest.Model model) {
        String name = spark.sparkContext().appName() + "." + job;
        return new LineageRun.Facts(
                job,
                name,
                context.intake().qualified(conf).inputs(),
                context.output().path(),
                versions,
                ModelFacts.facts(model));
    }

    private LineageRun.Result made(JobRun.Result result) {
        List<Manifest.File> rows = result.manifest().files().stream()
                .filter(file -> file.kind() == Kind.ROWS)
                .toList();
        StructType schema = rows.isEmpty()
                ? new StructType()
                : spark.read()
                        .format(OutputTables.format(result.manifest()))
                        .load(OutputTables.literal(
                                context.output().path(), rows.get(0).path()))
                        .schema();
        Manifest.Run run = result.run();
        TreeMap<String, Long> counts = new TreeMap<>();
        counts.put("rowsRead", run.rowsRead());
        counts.put("rowsSkipped", run.rowsSkipped());
        counts.put("rowsOut", result.rowsOut());
        counts.put("documentsOut", run.documentsOut());
        counts.put("rowsDeleted", run.rowsDeleted());
        counts.put("rowsRejected", sum(run.rejectedByCode()));
        counts.put("tokens", run.tokens());
        return new LineageRun.Result(
                schema,
                result.manifest().counts().rowsOut(),
                rows.stream().mapToLong(Manifest.File::bytes).sum(),
                rows.size(),
                counts,
                Optional.ofNullable(run.provenance().cost()));
    }

    private JobReport report(Manifest.Model model, JobRun.Result result) {
        Manifest.Run run = result.run();
        Meter meter = result.meter().plus(result.inherited());
        TreeMap<String, Lengths.Summary> lengths = new TreeMap<>();
        meter.lengths().forEach((tokenizer, all) -> lengths.put(tokenizer, all.summary()));
        long rejected = sum(run.rejectedByCode());
        Manifest.Counts total = result.manifest().counts();
        return new JobReport(
                job,
                Redaction.uris(context.output().path()),
                model.name(),
                model.sha256(),
                run.rowsRead(),
                result.rowsOut(),
                run.documentsOut(),
                rejected,
                run.rejectedByCode(),
                run.rowsSkipped(),
                run.rowsRead() - run.rowsSkipped() - run.documentsOut() - rejected,
                run.rowsDeleted(),
                run.tokens(),
                run.paddedTokens(),
                meter.truncatedRows(),
                meter.droppedTokens(),
                run.seconds(),
                run.modelSeconds(),
                result.meter().usefulFlops(),
                lengths,
                result.fileTokens(),
                result.manifest().figures(),
                total.rowsIn(),
                total.rowsRejected(),
                total.rowsRejected() > context.output().maxErrorRatio() * total.rowsIn(),
                run.provenance());
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
