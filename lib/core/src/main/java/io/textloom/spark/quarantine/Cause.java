package io.textloom.spark.quarantine;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a process ended.
 *
 * @param what in words, such as {@code SIGSEGV, exit code 139}
 */
record Cause(Verdict verdict, String what) {
    static final Cause UNKNOWN = new Cause(Verdict.UNKNOWN, "no reason was given");

    /** Standalone: "Command exited with code 134"; YARN: "Exit status: 134"; Kubernetes: "exited with exit code 134(SIGABRT…)". */
    private static final Pattern EXIT =
            Pattern.compile("exit(?:ed)?\\s+(?:with\\s+)?(?:exit\\s+)?(?:code|status)\\s*:?\\s*(-?\\d+)");

    /** What a shell reports of a process that ended by a signal is 128 more than the signal. */
    private static final Map<Integer, String> OWN_SIGNALS = Map.of(
            128 + 4, "SIGILL",
            128 + 5, "SIGTRAP",
            128 + 6, "SIGABRT",
            128 + 7, "SIGBUS",
            128 + 8, "SIGFPE",
            128 + 11, "SIGSEGV");

    /** Hang-up, interrupt and termination; YARN's numbers for a container that was aborted, lost its disks, or was preempted. */
    private static final Map<Integer, String> SENT = Map.of(
            128 + 1,
            "SIGHUP",
            128 + 2,
            "SIGINT",
            128 + 15,
            "SIGTERM",
            -100,
            "aborted by YARN",
            -101,
            "its disks failed",
            -102,
            "preempted by YARN",
            -105,
            "killed by YARN's application master",
            -106,
            "killed by YARN's resource manager");

    private static final Pattern UNWANTED =
            Pattern.compile("decommission|preempt|killed by driver|worker (?:was )?lost|node (?:was )?lost|spot");

    /** @param reason as Spark tells it */
    static Cause of(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        Matcher exit = EXIT.matcher(lower);
        if (exit.find()) {
            int code = Integer.parseInt(exit.group(1));
            String signal = OWN_SIGNALS.get(code);
            if (signal != null) {
                return new Cause(Verdict.CRASHED, signal + ", exit code " + code);
            }
            String sent = SENT.get(code);
            if (sent != null) {
                return new Cause(Verdict.OUTSIDE, sent + ", exit code " + code);
            }
        }
        if (UNWANTED.matcher(lower).find()) {
            return new Cause(Verdict.OUTSIDE, firstLine(reason));
        }
        if (exit.reset().find()) {
            return new Cause(Verdict.UNKNOWN, "exit code " + exit.group(1));
        }
        return new Cause(Verdict.UNKNOWN, firstLine(reason));
    }

    private static String firstLine(String reason) {
        return reason.strip().lines().findFirst().orElse("no reason was given");
    }
}
