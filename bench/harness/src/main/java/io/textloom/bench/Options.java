package io.textloom.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Command line of a benchmark program: {@code --name value} pairs. Of an option given twice the last value counts, unless all are asked for. */
public final class Options {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Options() {}

    /** @throws IllegalArgumentException if an option has no value or a word is no option */
    public static Options parse(String[] arguments) {
        Options options = new Options();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "Cannot read " + arguments[i] + "; expected options as --name value");
            }
            options.values
                    .computeIfAbsent(arguments[i].substring(2), name -> new ArrayList<>())
                    .add(arguments[i + 1]);
        }
        return options;
    }

    public String text(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("The option --" + name + " is missing");
        }
        return text(name, "");
    }

    public String text(String name, String otherwise) {
        List<String> given = all(name);
        return given.isEmpty() ? otherwise : given.get(given.size() - 1);
    }

    /** Every value of an option that may be given more than once. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public int integer(String name, int otherwise) {
        return has(name) ? Integer.parseInt(text(name)) : otherwise;
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name, "false"));
    }

    public Path path(String name) {
        return Path.of(text(name));
    }
}
