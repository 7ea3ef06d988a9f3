package io.textloom.bench.chaos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line: {@code --name value} pairs of known names. */
final class Options {
    private static final List<String> NAMES = List.of(
            "repository",
            "verify",
            "plan",
            "work",
            "seed",
            "runs",
            "kills",
            "most",
            "minutes",
            "archive",
            "scenario",
            "engine",
            "store",
            "job",
            "mode",
            "rows",
            "gzip-mb",
            "table");

    private final Map<String, String> values = new LinkedHashMap<>();

    private Options() {}

    /** @throws IllegalArgumentException if an option is unknown or has no value */
    static Options parse(String... arguments) {
        Options options = new Options();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!NAMES.contains(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("Cannot read " + arguments[i]
                        + "; expected --NAME VALUE with one of " + String.join(", ", NAMES));
            }
            options.values.put(name, arguments[i + 1]);
        }
        return options;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int integer(String name, int otherwise) {
        return Integer.parseInt(text(name, String.valueOf(otherwise)));
    }

    /** What was asked for, for the table: all but paths. */
    String asked() {
        StringBuilder asked = new StringBuilder();
        for (String name : List.of("job", "mode", "rows", "gzip-mb", "plan")) {
            if (values.containsKey(name)) {
                asked.append(" --").append(name).append(' ').append(values.get(name));
            }
        }
        return asked.toString();
    }
}
