package io.textloom.jobs;

import java.util.Optional;

/**
 * How a job that ran to its end came out.
 *
 * @param line what came out, in a few words
 * @param summary what came out, as aligned text
 * @param json the report
 * @param complaint why it is not well although it ran to its end
 */
record Outcome(ExitCode exit, String line, String summary, String json, Optional<String> complaint) {
    static Outcome of(ExitCode exit, String line, String summary, String json) {
        return new Outcome(exit, line, summary, json, Optional.empty());
    }
}
