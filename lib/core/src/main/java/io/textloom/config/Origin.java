package io.textloom.config;

/**
 * Where a value was found.
 *
 * @param place the place as a person names it: {@code embed.conf:3}, {@code --max-tokens}
 */
public record Origin(Level level, String place) {
    static final Origin DEFAULT = new Origin(Level.DEFAULT, "built-in default");

    /** {@code line} below 1 stands for unknown. */
    static Origin file(String name, int line) {
        return new Origin(Level.FILE, line < 1 ? name : name + ":" + line);
    }

    static Origin spark(String property) {
        return new Origin(Level.SPARK, property);
    }

    static Origin environment(String variable) {
        return new Origin(Level.ENVIRONMENT, variable);
    }

    static Origin assignment(String key) {
        return new Origin(Level.ASSIGNMENT, "--set " + key);
    }

    static Origin option(String option) {
        return new Origin(Level.OPTION, option);
    }
}
