package io.textloom.jobs;

import io.textloom.config.ConfigException;
import io.textloom.config.Job;
import io.textloom.config.Setting;
import io.textloom.config.Settings;
import io.textloom.config.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A job as it was asked for on the command line. */
record Request(Job job, Optional<Path> configFile, List<String> assignments, Map<String, List<String>> options) {

    /** @param parsed the parsed arguments of the job's own command */
    static Request of(Job job, ParseResult parsed) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        for (Setting setting : Settings.of(job)) {
            if (parsed.hasMatchedOption(setting.option())) {
                if (!setting.type().isList()) {
                    requireOnce(setting.option(), parsed);
                }
                options.put(setting.key(), texts(parsed.matchedOption(setting.option())));
            }
        }
        for (PositionalParamSpec positional : parsed.matchedPositionals()) {
            options.computeIfAbsent(job == Job.TRAIN ? "train.task" : "output", key -> new ArrayList<>())
                    .add(positional.getValue());
        }
        Optional<Path> configFile = parsed.hasMatchedOption(CommandTree.CONFIG)
                ? Optional.of(
                        Path.of(texts(parsed.matchedOption(CommandTree.CONFIG)).get(0)))
                : Optional.empty();
        List<String> assignments =
                parsed.hasMatchedOption(CommandTree.SET) ? texts(parsed.matchedOption(CommandTree.SET)) : List.of();
        return new Request(job, configFile, assignments, options);
    }

    Sources sources(Map<String, String> sparkProperties, Map<String, String> environment) {
        return new Sources(configFile, sparkProperties, environment, assignments, options);
    }

    /** The parser minds repetition only outside of groups. */
    private static void requireOnce(String option, ParseResult parsed) {
        long times = parsed.originalArgs().stream()
                .filter(argument -> argument.equals(option) || argument.startsWith(option + "="))
                .count();
        if (times > 1) {
            throw new ConfigException(option + " is given " + times + " times; expected once");
        }
    }

    private static List<String> texts(OptionSpec option) {
        Object value = option.getValue();
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> texts.add(String.valueOf(item)));
        } else {
            texts.add(String.valueOf(value));
        }
        return texts;
    }
}
