package io.textloom.jobs;

import io.textloom.config.ConfigException;
import io.textloom.config.Job;
import io.textloom.config.NearestName;
import io.textloom.config.Sources;
import io.textloom.config.StepFile;
import io.textloom.config.StepFile.Step;
import io.textloom.jobs.JobRunner.KeptSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/**
 * {@code textloom run FILE}: several jobs in one session, one after another. The first that does not end well ends the run. Nothing is noted between runs: each job finds out
 * itself what is done, so the same command goes on at the step that failed.
 */
final class RunCommand {
    private final Console console;
    private final JobRunner runner;

    RunCommand(Console console, JobRunner runner) {
        this.console = console;
        this.runner = runner;
    }

    ExitCode run(ParseResult command, boolean verbose) {
        Sources sources = new Sources(
                Optional.empty(),
                SparkSessions.properties(),
                console.environment(),
                command.matchedOptionValue(CommandTree.SET, List.of()),
                Map.of());
        List<Step> steps = chosen(
                StepFile.read(Path.of(command.matchedPositionalValue(0, "")), sources),
                command.matchedOptionValue("--from", ""),
                command.matchedOptionValue("--until", ""));
        steps.forEach(RunCommand::check);
        requireOneMaster(steps);
        boolean json = command.matchedOptionValue("--json", false);
        RunReport report = new RunReport(steps);
        ExitCode exit = runAll(steps, report, json, verbose);
        console.out().print(json ? report.json() : report.text());
        console.out().flush();
        String place = command.matchedOptionValue("--report", "");
        if (!place.isEmpty()) {
            ReportFile.write(place, report.json());
        }
        return exit;
    }

    private static List<Step> chosen(List<Step> steps, String from, String until) {
        int first = from.isEmpty() ? 0 : indexOf(steps, from, "--from");
        int last = until.isEmpty() ? steps.size() - 1 : indexOf(steps, until, "--until");
        if (first > last) {
            throw new ConfigException("--from " + from + " comes behind --until " + until + "; expected it before");
        }
        return steps.subList(first, last + 1);
    }

    private static int indexOf(List<Step> steps, String name, String option) {
        List<String> names = steps.stream().map(Step::name).toList();
        int index = names.indexOf(name);
        if (index < 0) {
            throw new ConfigException(option + " " + name + " is none of the steps " + String.join(", ", names)
                    + NearestName.of(name, names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(""));
        }
        return index;
    }

    private static void check(Step step) {
        try {
            new Execution(step.settings()).check();
        } catch (ConfigException e) {
            throw new ConfigException("Step " + step.name() + ": " + e.getMessage(), e);
        }
    }

    /** They share a session. */
    private static void requireOneMaster(List<Step> steps) {
        Set<String> masters =
                steps.stream().map(step -> step.settings().text("master")).collect(Collectors.toSet());
        if (masters.size() > 1) {
            throw new ConfigException("The steps name the masters " + String.join(" and ", masters)
                    + ", but they run in one session; set master once, beside steps");
        }
    }

    private ExitCode runAll(List<Step> steps, RunReport report, boolean json, boolean verbose) {
        try (KeptSession session = runner.keepSession(steps.get(0).settings(), verbose)) {
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                console.err()
                        .println("textloom: step " + (i + 1) + " of " + steps.size() + ", " + step.name()
                                + (step.name().equals(step.settings().job().title())
                                        ? ""
                                        : " (" + step.settings().job().title() + ")"));
                Outcome outcome = outcome(step, report, verbose);
                if (!json) {
                    console.out().print(outcome.summary());
                    console.out().flush();
                }
                String place = step.settings().text("report");
                if (!place.isEmpty()) {
                    ReportFile.write(place, outcome.json());
                }
                outcome.complaint().ifPresent(line -> console.err().println("textloom: " + line));
                if (outcome.exit() != ExitCode.DONE) {
                    return outcome.exit();
                }
            }
        }
        return ExitCode.DONE;
    }

    private Outcome outcome(Step step, RunReport report, boolean verbose) {
        long start = System.nanoTime();
        Outcome outcome;
        try {
            Optional<Outcome> earlier =
                    step.settings().job() == Job.TRAIN ? FinishedTraining.of(step.settings()) : Optional.empty();
            outcome = earlier.isPresent() ? earlier.get() : new Execution(step.settings()).run(runner, verbose);
        } catch (Throwable e) {
            // Throwable, as in Main: what Spark throws does not always show
            Failure failure = Failure.of(e);
            if (verbose) {
                console.err().print(Failure.trace(e));
            }
            outcome = new Outcome(
                    failure.exit(),
                    failure.message().lines().findFirst().orElse(""),
                    "",
                    "{}",
                    Optional.of(failure.message()));
        }
        report.ended(step, outcome, (System.nanoTime() - start) / 1e9);
        return outcome;
    }
}
