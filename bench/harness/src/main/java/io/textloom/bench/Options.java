package io.textloom.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Command line of a benchmark program: {@code --name value} pairs. */
public final class Options {
    private final Map<String, String> values = new LinkedHashMap<>();

    private Options() {}

    /** @throws IllegalArgumentException if an option has no value or a word is no option */
    public static Options parse(String[] arguments) {
        Options options = new Options();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "Cannot read " + arguments[i] + "; expected options as --name value");
            }
            options.values.put(arguments[i].substring(2), arguments[i + 1]);
        }
        return options;
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The option --" + name + " is missing");
        }
        return value;
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int integer(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(values.get(name));
    }

    public Path path(String name) {
        return Path.of(text(name));
    }
}
