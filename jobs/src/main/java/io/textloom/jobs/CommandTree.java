package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.Setting;
import io.textloom.config.Settings;
import io.textloom.config.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The command line as the settings table has it: one command per job, one option per setting. */
final class CommandTree {
    static final String CONFIG = "--config";
    static final String SET = "--set";
    static final String VERBOSE = "--verbose";

    private static final String FOOTER =
            "Lowest precedence first: default, --config FILE, Spark property spark.textloom.KEY, "
                    + "environment TEXTLOOM_KEY (as TEXTLOOM_EMBED_MAX_TOKENS), --set KEY=VALUE, named option.";

    private CommandTree() {}

    static CommandLine build() {
        CommandSpec root = CommandSpec.create().name("textloom");
        root.usageMessage()
                .description("Corpus-scale BERT embedding and GPT generation on Apache Spark.")
                .footer(
                        "",
                        "textloom COMMAND --help lists a command's options with type, unit and default.",
                        "Exit codes: 0 done, 2 bad arguments or configuration, 3 input or model unreadable,",
                        "4 error ratio exceeded, 5 failed and resumable.");
        root.addOption(help());
        root.addOption(OptionSpec.builder("--version", "-V")
                .versionHelp(true)
                .description("Print the version.")
                .build());
        for (Job job : Job.values()) {
            root.addSubcommand(job.title(), ofJob(job));
        }
        root.addSubcommand("run", run());
        root.addSubcommand("models", models());
        root.addSubcommand("quickstart", quickstart());
        CommandLine commandLine = new CommandLine(root);
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpLongOptionsMaxWidth(34);
        commandLine.setUnmatchedOptionsAllowedAsOptionParameters(false);
        return commandLine;
    }

    private static CommandSpec ofJob(Job job) {
        CommandSpec command = CommandSpec.create().name(job.title());
        command.usageMessage()
                .description(job.summary() + ".")
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .footer("", FOOTER);
        List<OptionSpec> own = new ArrayList<>();
        List<OptionSpec> common = new ArrayList<>();
        for (Setting setting : Settings.of(job)) {
            (setting.key().startsWith(job.title() + ".") ? own : common).add(option(setting, job));
        }
        if (!own.isEmpty()) {
            command.addArgGroup(group("%nOptions of " + job.title() + ":%n", 1, own));
        }
        command.addArgGroup(group("%nCommon options:%n", 2, common));
        command.addArgGroup(group(
                "%nConfiguration:%n",
                3,
                List.of(
                        OptionSpec.builder(CONFIG)
                                .type(String.class)
                                .paramLabel("FILE")
                                .description("Settings in a HOCON file; see conf/.")
                                .build(),
                        assignment("One setting by its key; may be repeated."),
                        verbose(),
                        help())));
        if (job == Job.VERIFY) {
            command.addPositional(positional("OUTPUT", "As --output."));
        } else if (job == Job.TRAIN) {
            command.addPositional(positional("TASK", "As --task."));
        }
        return command;
    }

    private static PositionalParamSpec positional(String label, String description) {
        return PositionalParamSpec.builder()
                .type(String.class)
                .arity("0..1")
                .index("0")
                .paramLabel(label)
                .description(description)
                .build();
    }

    private static OptionSpec option(Setting setting, Job job) {
        String defaultText = setting.defaultText(job);
        String facts = setting.key()
                + ": " + setting.type().name().toLowerCase(Locale.ROOT)
                + (setting.unit().isEmpty() ? "" : ", unit: " + setting.unit())
                + ", default: " + shown(defaultText);
        OptionSpec.Builder option = OptionSpec.builder(setting.option())
                .paramLabel(setting.label())
                .description(escape(setting.help()), escape(facts));
        if (setting.type().isList()) {
            option.type(List.class)
                    .auxiliaryTypes(String.class)
                    .arity(setting.type() == ValueType.TEXTS ? "1" : "1..*");
        } else {
            option.type(String.class).arity("1");
        }
        return option.build();
    }

    /** A default as it can be read: none, or blanks in quotes. */
    static String shown(String defaultText) {
        if (defaultText.isEmpty()) {
            return "none";
        }
        return defaultText.isBlank() ? '"' + defaultText + '"' : defaultText;
    }

    private static CommandSpec run() {
        CommandSpec run = CommandSpec.create().name("run");
        run.usageMessage()
                .description("Run the jobs of a HOCON file in their order, in one Spark session; run again, it goes on"
                        + " at the step that failed.")
                .footer(
                        "",
                        "FILE holds steps = [{job = tokenize, input = …, output = …}, {job = embed, …}]; settings beside",
                        "the list hold for every step whose job has them. See conf/run.conf.");
        run.addPositional(PositionalParamSpec.builder()
                .type(String.class)
                .arity("1")
                .required(true)
                .index("0")
                .paramLabel("FILE")
                .description("HOCON file with a list of steps.")
                .build());
        run.addOption(step("--from", "First step to run; those before it are left out."));
        run.addOption(step("--until", "Last step to run; those after it are left out."));
        run.addOption(assignment("One setting of all steps whose job has it; may be repeated."));
        run.addOption(OptionSpec.builder("--report")
                .type(String.class)
                .paramLabel("FILE")
                .description("Also write the report of all steps as JSON to this file.")
                .build());
        run.addOption(OptionSpec.builder("--json")
                .type(boolean.class)
                .description("Print the report of all steps as JSON on standard output.")
                .build());
        run.addOption(verbose());
        run.addOption(help());
        return run;
    }

    private static OptionSpec step(String option, String description) {
        return OptionSpec.builder(option)
                .type(String.class)
                .paramLabel("STEP")
                .description(description)
                .build();
    }

    private static OptionSpec assignment(String description) {
        return OptionSpec.builder(SET)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel("KEY=VALUE")
                .description(description)
                .build();
    }

    private static CommandSpec models() {
        CommandSpec models = CommandSpec.create().name("models");
        models.usageMessage().description("List, inspect, verify and import models; nothing is downloaded.");
        models.addOption(help());
        models.addSubcommand("list", action("list", "List the built-in models and those in this machine's cache."));
        models.addSubcommand(
                "inspect",
                named(
                        "inspect",
                        "Print what a model is, its files with sizes and hashes, and the jobs that can use it."));
        CommandSpec verify = named(
                "verify",
                "Check a model: files, headers and shapes of its weights, tokenizer, and one line through it.");
        verify.addOption(OptionSpec.builder("--sha256")
                .type(String.class)
                .paramLabel("HASH")
                .description("SHA-256 that the model must have, as inspect prints it.")
                .build());
        models.addSubcommand("verify", verify);
        CommandSpec copy = named(
                "import",
                "Copy a model to a folder of its own, each file checked; weights of built-in ones as safetensors.");
        copy.addOption(OptionSpec.builder("--output")
                .type(String.class)
                .paramLabel("DIR")
                .required(true)
                .description("Directory to make, on any file system that Hadoop reaches.")
                .build());
        models.addSubcommand("import", copy);
        return models;
    }

    private static CommandSpec action(String name, String description) {
        CommandSpec action = CommandSpec.create().name(name);
        action.usageMessage().description(description);
        action.addOption(OptionSpec.builder("--json")
                .type(boolean.class)
                .description("Print JSON.")
                .build());
        action.addOption(verbose());
        action.addOption(help());
        return action;
    }

    private static CommandSpec named(String name, String description) {
        CommandSpec action = action(name, description);
        action.addPositional(PositionalParamSpec.builder()
                .type(String.class)
                .arity("1")
                .required(true)
                .index("0")
                .paramLabel("NAME|PATH")
                .description("A built-in model, or a folder on any file system that Hadoop reaches.")
                .build());
        return action;
    }

    private static CommandSpec quickstart() {
        CommandSpec quickstart = CommandSpec.create().name("quickstart");
        quickstart
                .usageMessage()
                .description("Tokenize, embed and generate from a small corpus, and show what came out.");
        quickstart.addOption(OptionSpec.builder("--input")
                .type(String.class)
                .paramLabel("FILE")
                .defaultValue("scripts/sample/corpus.jsonl")
                .description("JSON lines with the fields id, topic, lang and text; default: ${DEFAULT-VALUE}.")
                .build());
        quickstart.addOption(OptionSpec.builder("--output")
                .type(String.class)
                .paramLabel("DIR")
                .defaultValue("out/quickstart")
                .description("Directory of the three outputs, which are replaced; default: ${DEFAULT-VALUE}.")
                .build());
        quickstart.addOption(verbose());
        quickstart.addOption(help());
        return quickstart;
    }

    private static OptionSpec verbose() {
        return OptionSpec.builder(VERBOSE)
                .type(boolean.class)
                .arity("0")
                .description("Show Spark's log, and stack traces of failures.")
                .build();
    }

    private static OptionSpec help() {
        return OptionSpec.builder("--help", "-h")
                .usageHelp(true)
                .description("Print this help.")
                .build();
    }

    private static ArgGroupSpec group(String heading, int order, List<OptionSpec> options) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .heading(heading)
                .order(order)
                .validate(false)
                .exclusive(false)
                .multiplicity("0..1");
        options.forEach(group::addArg);
        return group.build();
    }

    private static String escape(String text) {
        return text.replace("%", "%%");
    }
}
