package io.textloom.jobs;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a run writes and what surrounds it.
 *
 * @param terminal whether a person watches {@code err} on a terminal
 */
record Console(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
    Console {
        environment = Map.copyOf(environment);
    }

    /** The process's own; the launcher says in TEXTLOOM_TERMINAL whether standard error is a terminal. */
    static Console ofProcess() {
        Map<String, String> environment = System.getenv();
        String told = environment.getOrDefault("TEXTLOOM_TERMINAL", "");
        boolean terminal = told.isEmpty() ? System.console() != null : told.equals("true");
        return new Console(System.out, System.err, environment, terminal);
    }
}
