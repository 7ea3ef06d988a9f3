package io.textloom.jobs.doctor;

import io.textloom.jobs.doctor.Finding.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * All findings, in the order of the checks.
 *
 * @param entries part and finding
 */
public record Checkup(List<Entry> entries) {
    public Checkup {
        entries = List.copyOf(entries);
    }

    public record Entry(String part, Finding finding) {}

    /** Makes every check, whatever the others find. */
    public static Checkup of(List<Check> checks) {
        List<Entry> entries = new ArrayList<>();
        for (Check check : checks) {
            for (Finding finding : look(check)) {
                entries.add(new Entry(check.part(), finding));
            }
        }
        return new Checkup(entries);
    }

    private static List<Finding> look(Check check) {
        try {
            return check.look();
        } catch (Exception | LinkageError | AssertionError e) {
            return List.of(Finding.failed(
                    "the check itself",
                    firstLine(e),
                    "a result",
                    "see --verbose; what the check looks at is most likely broken"));
        }
    }

    static String firstLine(Throwable thrown) {
        String message = thrown.getMessage();
        String line = message == null || message.isBlank()
                ? ""
                : message.lines().findFirst().orElse("").strip();
        return line.isEmpty() ? thrown.getClass().getSimpleName() : line;
    }

    public Checkup plus(Checkup more) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more.entries);
        return new Checkup(all);
    }

    public long count(Status status) {
        return entries.stream().filter(e -> e.finding().status() == status).count();
    }

    /** Whether nothing failed; warnings are no failures. */
    public boolean sound() {
        return count(Status.FAILED) == 0;
    }
}
