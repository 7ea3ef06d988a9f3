package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.NearestName;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.SettingsResolver;
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
        if (command.commandSpec().name().equals("run")) {
            return new RunCommand(console, runner).run(command, verbose);
        }
        Job job = Job.valueOf(command.commandSpec().name().toUpperCase(Locale.ROOT));
        ResolvedSettings settings = SettingsResolver.resolve(
                job, Request.of(job, command).sources(SparkSessions.properties(), console.environment()));
        Execution execution = new Execution(settings);
        execution.check();
        Outcome outcome = execution.run(runner, verbose);
        publish(settings, outcome);
        return outcome.exit();
    }

    private void publish(ResolvedSettings settings, Outcome outcome) {
        console.out().print(settings.flag("json") ? outcome.json() : outcome.summary());
        console.out().flush();
        String place = settings.text("report");
        if (!place.isEmpty()) {
            ReportFile.write(place, outcome.json());
        }
        outcome.complaint().ifPresent(line -> console.err().println("textloom: " + line));
    }

    private int fail(Failure failure, Throwable cause, boolean verbose) {
        console.err().println("textloom: " + failure.message());
        if (verbose) {
            console.err().print(Failure.trace(cause));
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
