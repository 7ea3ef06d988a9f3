package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.JobOptions;
import io.textloom.config.NearestName;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.ScoreTask;
import io.textloom.config.SettingsResolver;
import io.textloom.config.TrainTask;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line, from the shell and under spark-submit. */
public final class Main {
    private final Console console;
    private final JobRunner runner;
    private final CommandLine commands = CommandTree.build();

    Main(Console console, JobRunner runner) {
        this.console = console;
        this.runner = runner;
    }

    public static void main(String[] args) {
        Console console = Console.ofProcess();
        int code = new Main(console, new SparkJobRunner(console)).execute(args);
        // In cluster mode YARN takes any System.exit of the driver for a failure, one with 0 as well.
        if (code != 0
                || !System.getProperty("spark.submit.deployMode", "client").equals("cluster")) {
            System.exit(code);
        }
    }

    /** @return the exit code */
    int execute(String... args) {
        boolean verbose = List.of(args).contains(CommandTree.VERBOSE)
                || !console.environment().getOrDefault("TEXTLOOM_DEBUG", "").isEmpty();
        try {
            Arguments arguments = new Arguments(commands.getSubcommands().keySet());
            return run(arguments.normalise(args), verbose).code();
        } catch (UnmatchedArgumentException e) {
            return fail(new Failure(ExitCode.BAD_ARGUMENTS, unmatched(e)), e, verbose);
        } catch (ParameterException e) {
            return fail(new Failure(ExitCode.BAD_ARGUMENTS, Failure.message(e)), e, verbose);
        } catch (Throwable e) {
            // Throwable: Spark, written in Scala, throws checked exceptions that Java does not see, and assertion
            // errors
            return fail(Failure.of(e), e, verbose);
        }
    }

    private ExitCode run(List<String> arguments, boolean verbose) {
        ParseResult parsed = commands.parseArgs(arguments.toArray(String[]::new));
        for (ParseResult level = parsed; ; level = level.subcommand()) {
            if (level.isUsageHelpRequested()) {
                level.commandSpec().commandLine().usage(console.out());
                return ExitCode.DONE;
            }
            if (level.isVersionHelpRequested()) {
                console.out().println(Version.text());
                return ExitCode.DONE;
            }
            if (!level.hasSubcommand()) {
                break;
            }
        }
        if (!parsed.hasSubcommand()) {
            commands.usage(console.err());
            return ExitCode.BAD_ARGUMENTS;
        }
        ParseResult command = parsed.subcommand();
        if (command.commandSpec().name().equals("models")) {
            return new ModelsCommand(console).run(command);
        }
        if (command.commandSpec().name().equals("quickstart")) {
            String input = command.commandSpec().findOption("--input").getValue();
            String output = command.commandSpec().findOption("--output").getValue();
            new Quickstart(console, input, output).run(verbose);
            return ExitCode.DONE;
        }
        Job job = Job.valueOf(command.commandSpec().name().toUpperCase(Locale.ROOT));
        ResolvedSettings settings = SettingsResolver.resolve(
                job, Request.of(job, command).sources(SparkSessions.properties(), console.environment()));
        check(settings);
        return switch (job) {
            case VERIFY -> verify(settings, verbose);
            case DOCTOR -> doctor(settings, verbose);
            case TRAIN -> train(settings, verbose);
            case TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY -> job(settings, verbose);
        };
    }

    /** All that can be known to be wrong before Spark starts. */
    private static void check(ResolvedSettings settings) {
        if (settings.job() == Job.DOCTOR) {
            JobOptions.device(settings);
            return;
        }
        JobOptions.outputPath(settings);
        if (settings.job() != Job.VERIFY && settings.job() != Job.TRAIN) {
            JobOptions.intake(settings);
            JobOptions.output(settings);
            JobOptions.model(settings);
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
                }
            }
            case VERIFY, DOCTOR -> {}
        }
    }

    private ExitCode job(ResolvedSettings settings, boolean verbose) {
        if (settings.flag("explain")) {
            PlanReport plan = new PlanReport(settings, runner.explain(settings, verbose));
            publish(settings, plan.text(), plan.json());
            return ExitCode.DONE;
        }
        JobReport report = runner.run(settings, verbose);
        publish(settings, Summary.of(report), ReportJson.of(report));
        return report.errorRatioExceeded()
                ? ratioExceeded(report.totalRejected(), report.totalRows(), report.output(), settings)
                : ExitCode.DONE;
    }

    private ExitCode train(ResolvedSettings settings, boolean verbose) {
        TrainReport report = runner.train(settings, verbose);
        publish(settings, Summary.of(report), ReportJson.of(report));
        return report.errorRatioExceeded()
                ? ratioExceeded(report.rowsRejected(), report.rowsIn(), report.output(), settings)
                : ExitCode.DONE;
    }

    private ExitCode ratioExceeded(long rejected, long rows, String output, ResolvedSettings settings) {
        console.err()
                .println("textloom: " + rejected + " of " + rows + " rows were rejected, more than maxErrorRatio "
                        + settings.number("maxErrorRatio") + " allows; the reasons are in " + output
                        + "/_textloom/errors");
        return ExitCode.ERROR_RATIO_EXCEEDED;
    }

    private ExitCode verify(ResolvedSettings settings, boolean verbose) {
        String output = JobOptions.outputPath(settings);
        VerifyReport report = runner.verify(settings, verbose);
        publish(settings, Summary.of(report, output), ReportJson.of(report, output));
        return report.ok() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private ExitCode doctor(ResolvedSettings settings, boolean verbose) {
        Checkup checkup = runner.doctor(settings, verbose);
        publish(settings, DoctorText.of(checkup), DoctorText.json(checkup));
        return checkup.sound() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void publish(ResolvedSettings settings, String summary, String json) {
        console.out().print(settings.flag("json") ? json : summary);
        console.out().flush();
        String place = settings.text("report");
        if (!place.isEmpty()) {
            ReportFile.write(place, json);
        }
    }

    private int fail(Failure failure, Throwable cause, boolean verbose) {
        console.err().println("textloom: " + failure.message());
        if (verbose) {
            cause.printStackTrace(console.err());
        }
        return failure.exit().code();
    }

    private static String unmatched(UnmatchedArgumentException e) {
        CommandLine command = e.getCommandLine();
        String found = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().get(0);
        boolean option = found.startsWith("-");
        String name = found.contains("=") ? found.substring(0, found.indexOf('=')) : found;
        List<String> known = option
                ? command.getCommandSpec().options().stream()
                        .flatMap(spec -> Arrays.stream(spec.names()))
                        .toList()
                : List.copyOf(command.getSubcommands().keySet());
        String meant = NearestName.of(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; " + command.getCommandSpec().qualifiedName() + " --help lists what there is");
        return (option ? "Unknown option " + name : "Unexpected argument " + found) + meant;
    }
}
