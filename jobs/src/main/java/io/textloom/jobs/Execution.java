package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.ScoreTask;
import io.textloom.config.TrainTask;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.lineage.Redaction;
import java.util.Optional;

/** One job with its settings, from the check of them to what is told of it. */
record Execution(ResolvedSettings settings) {
    /** All that can be known to be wrong before Spark starts. */
    void check() {
        if (settings.job() == Job.DOCTOR) {
            JobOptions.device(settings);
            return;
        }
        JobOptions.outputPath(settings);
        if (settings.job() != Job.VERIFY && settings.job() != Job.TRAIN) {
            JobOptions.intake(settings);
            JobOptions.output(settings);
            JobOptions.model(settings);
            JobOptions.prices(settings);
        }
        switch (settings.job()) {
            case TOKENIZE -> JobOptions.tokenize(settings);
            case EMBED -> {
                JobOptions.embed(settings);
                JobOptions.device(settings);
            }
            case GENERATE -> {
                JobOptions.generate(settings);
                JobOptions.device(settings);
            }
            case SCORE -> {
                switch (settings.choice("score.task", ScoreTask.class)) {
                    case LOG_LIKELIHOOD -> JobOptions.likelihood(settings);
                    case CHOICES -> JobOptions.choices(settings);
                    case FILL_MASK -> JobOptions.fillMask(settings);
                }
                JobOptions.device(settings);
            }
            case CLASSIFY -> {
                JobOptions.classify(settings);
                JobOptions.device(settings);
            }
            case TRAIN -> {
                JobOptions.trainIntake(settings);
                JobOptions.trainOutput(settings);
                switch (settings.choice("train.task", TrainTask.class)) {
                    case TOKENIZER -> JobOptions.trainTokenizer(settings);
                    case WORD2VEC -> JobOptions.trainWord2Vec(settings);
                    case HEADS -> {
                        JobOptions.model(settings);
                        JobOptions.trainHeads(settings);
                    }
                    case ELMO -> JobOptions.trainElmo(settings);
                }
            }
            case VERIFY -> JobOptions.verify(settings);
            case DOCTOR -> {}
        }
    }

    Outcome run(JobRunner runner, boolean verbose) {
        return switch (settings.job()) {
            case VERIFY -> verify(runner.verify(settings, verbose));
            case DOCTOR -> doctor(runner.doctor(settings, verbose));
            case TRAIN -> train(runner.train(settings, verbose));
            case TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY ->
                settings.flag("explain") ? explain(runner, verbose) : job(runner.run(settings, verbose));
        };
    }

    private Outcome explain(JobRunner runner, boolean verbose) {
        PlanReport plan = new PlanReport(settings, runner.explain(settings, verbose));
        return Outcome.of(ExitCode.DONE, "explained", plan.text(), plan.json());
    }

    private Outcome job(JobReport report) {
        String line = Summary.count(report.rowsOut()) + " rows out, " + Summary.count(report.rowsRejected())
                + " rejected, " + Summary.count(report.rowsSkipped()) + " already done";
        return counted(
                line,
                Summary.of(report),
                ReportJson.of(report),
                report.errorRatioExceeded()
                        ? Optional.of(
                                ratioExceeded(report.totalRejected(), report.totalRows(), report.output(), settings))
                        : Optional.empty());
    }

    private Outcome train(TrainReport report) {
        String line = "trained on " + Summary.count(report.rowsIn() - report.rowsRejected()) + " rows, "
                + Summary.count(report.rowsRejected()) + " rejected";
        return counted(
                line,
                Summary.of(report),
                ReportJson.of(report),
                report.errorRatioExceeded()
                        ? Optional.of(ratioExceeded(report.rowsRejected(), report.rowsIn(), report.output(), settings))
                        : Optional.empty());
    }

    private static Outcome counted(String line, String summary, String json, Optional<String> exceeded) {
        ExitCode exit = exceeded.isPresent() ? ExitCode.ERROR_RATIO_EXCEEDED : ExitCode.DONE;
        return new Outcome(exit, line, summary, json, exceeded);
    }

    static String ratioExceeded(long rejected, long rows, String output, ResolvedSettings settings) {
        return rejected + " of " + rows + " rows were rejected, more than maxErrorRatio "
                + settings.number("maxErrorRatio") + " allows; the reasons are in " + Redaction.uris(output)
                + "/_textloom/errors";
    }

    private Outcome verify(VerifyReport report) {
        String shown = Redaction.uris(JobOptions.outputPath(settings));
        ExitCode exit =
                !report.ok() ? ExitCode.FAILED : report.unchecked().isEmpty() ? ExitCode.DONE : ExitCode.UNREADABLE;
        int problems = report.problems().size();
        String line = problems > 0
                ? problems + (problems == 1 ? " problem" : " problems")
                : report.unchecked().isEmpty() ? "all is well" : "not all was checked";
        return Outcome.of(exit, line, Summary.of(report, shown), ReportJson.of(report, shown));
    }

    private static Outcome doctor(Checkup checkup) {
        return Outcome.of(
                checkup.sound() ? ExitCode.DONE : ExitCode.FAILED,
                checkup.sound() ? "all is well" : "something is broken",
                DoctorText.of(checkup),
                DoctorText.json(checkup));
    }
}
