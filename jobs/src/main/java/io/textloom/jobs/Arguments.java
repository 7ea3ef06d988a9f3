package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.Setting;
import io.textloom.config.Settings;
import io.textloom.config.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Brings arguments into the one order and spelling that the parser is given. */
final class Arguments {
    private static final Set<String> TRUTH_VALUES = Set.of("true", "false", "yes", "no", "on", "off");

    private final Set<String> commands;
    private final Set<String> switches = new HashSet<>();
    private final Set<String> lists = new HashSet<>();
    private final Set<String> flags = new HashSet<>(List.of("--help", "-h", "--version", "-V", "--verbose"));

    /** @param commands words of which the first that is no option's value is the command */
    Arguments(Set<String> commands) {
        this.commands = commands;
        for (Setting setting : Settings.all()) {
            if (setting.type() == ValueType.BOOLEAN) {
                switches.add(setting.option());
            } else if (setting.type() == ValueType.LIST) {
                lists.add(setting.option());
            }
        }
    }

    /**
     * The command first, switches and negative numbers joined to their options, several of those in brackets, without which the parser takes them for an option.
     * {@code --json --seed -5 generate} → {@code generate --json=true --seed=-5}; {@code embed --layers -2,-1} → {@code embed --layers=[-2,-1]}
     */
    List<String> normalise(String... arguments) {
        List<String> joined = join(List.of(arguments), switchesOf(command(List.of(arguments))));
        for (int i = 0; i < joined.size(); i++) {
            if (commands.contains(joined.get(i)) && (i == 0 || !takesValue(joined.get(i - 1)))) {
                joined.add(0, joined.remove(i));
                break;
            }
        }
        return joined;
    }

    /** The command, before switches are joined; empty if there is none. */
    private String command(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String before = i == 0 ? "" : arguments.get(i - 1);
            if (commands.contains(arguments.get(i)) && (switches.contains(before) || !takesValue(before))) {
                return arguments.get(i);
            }
        }
        return "";
    }

    /** What is a switch of one job may take a text in another: {@code --special-tokens}. */
    private Set<String> switchesOf(String command) {
        Set<String> own = new HashSet<>(switches);
        for (Job job : Job.values()) {
            if (job.title().equals(command)) {
                Settings.of(job).stream()
                        .filter(setting -> setting.type() != ValueType.BOOLEAN)
                        .forEach(setting -> own.remove(setting.option()));
            }
        }
        return own;
    }

    private List<String> join(List<String> arguments, Set<String> switches) {
        List<String> joined = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (switches.contains(argument)) {
                boolean told = TRUTH_VALUES.contains(next.toLowerCase(Locale.ROOT));
                joined.add(argument + "=" + (told ? next : "true"));
                i += told ? 1 : 0;
            } else if (argument.startsWith("--no-") && switches.contains("--" + argument.substring("--no-".length()))) {
                joined.add("--" + argument.substring("--no-".length()) + "=false");
            } else if (takesValue(argument) && next.matches("-[0-9.].*")) {
                joined.add(argument + "=" + (lists.contains(argument) ? bracketed(next) : next));
                i++;
            } else if (argument.contains("=-") && lists.contains(argument.substring(0, argument.indexOf('=')))) {
                int value = argument.indexOf('=') + 1;
                joined.add(argument.substring(0, value) + bracketed(argument.substring(value)));
            } else {
                joined.add(argument);
            }
        }
        return joined;
    }

    private static String bracketed(String numbers) {
        return numbers.matches("-[0-9.]+(\\s*,\\s*-?[0-9.]+)+") ? "[" + numbers + "]" : numbers;
    }

    private boolean takesValue(String argument) {
        return argument.startsWith("--") && !argument.contains("=") && !flags.contains(argument);
    }
}
