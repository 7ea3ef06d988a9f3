package io.textloom.jobs;

import io.textloom.config.ConfigException;
import io.textloom.model.ModelException;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.lineage.Redaction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;

/**
 * Why a run ended, in words.
 *
 * @param message names the cause that decided the exit code
 */
record Failure(ExitCode exit, String message) {
    private static final Pattern READING = Pattern.compile("error while reading file (\\S+?)\\.?( |$)");

    /**
     * What a task threw reaches the driver inside of Spark's exceptions, so the causes decide, the outermost first.
     * Spark's analysis fails for a condition or a column that does not fit the input.
     */
    static Failure of(Throwable thrown) {
        if (isStopped(thrown)) {
            return new Failure(
                    ExitCode.FAILED,
                    "The run was stopped before it was done, by a signal or by the cluster; what is finished stays."
                            + "\n  Run the same command again to go on.");
        }
        Throwable root = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException
                    || cause instanceof OutputException
                    || cause instanceof AnalysisException
                    || isOwnArgumentCheck(cause)) {
                return new Failure(ExitCode.BAD_ARGUMENTS, message(cause));
            }
            if (cause instanceof InputException || cause instanceof ModelException) {
                return new Failure(ExitCode.UNREADABLE, message(cause));
            }
            String unread = unreadableFile(cause);
            if (!unread.isEmpty()) {
                return new Failure(ExitCode.UNREADABLE, unread);
            }
            root = cause;
        }
        String because = message(root).equals(message(thrown)) ? "" : "\n  cause: " + message(root);
        return new Failure(
                ExitCode.FAILED,
                "The job failed: " + message(thrown) + because
                        + "\n  Run the same command again to go on; --verbose shows where it failed.");
    }

    /** Spark ends its context in a hook of the JVM's shutdown, and under a driver that somebody else stops, and fails what runs in it. */
    private static boolean isStopped(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = message(cause);
            if (message.contains("SparkContext was shut down") || message.contains("stopped SparkContext")) {
                return true;
            }
        }
        return false;
    }

    /** The records' and stages' own checks; an IllegalArgumentException of a library says nothing about the settings. */
    private static boolean isOwnArgumentCheck(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        return thrown instanceof IllegalArgumentException
                && frames.length > 0
                && frames[0].getClassName().startsWith("io.textloom.");
    }

    /** Spark's error for a file that ends too early or is not what its name says, in our words; empty for any other. */
    private static String unreadableFile(Throwable thrown) {
        Matcher reading = READING.matcher(message(thrown));
        if (!(thrown instanceof SparkException) || !reading.find()) {
            return "";
        }
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "Cannot read " + reading.group(1) + ": " + message(root)
                + "; the file is damaged or not of the format its name says, replace it or set --input-format";
    }

    /** Where something was thrown, without secrets. */
    static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return Redaction.text(trace.toString());
    }

    /** The first line alone, because Spark puts whole stack traces into messages; without secrets. */
    static String message(Throwable thrown) {
        String message = Redaction.text(
                Optional.ofNullable(thrown.getMessage()).orElse("").strip());
        return message.isEmpty()
                ? thrown.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
