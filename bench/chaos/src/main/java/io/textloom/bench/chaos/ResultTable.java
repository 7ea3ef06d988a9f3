package io.textloom.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The table at the end of {@code docs/robustness.md}. */
final class ResultTable {
    private ResultTable() {}

    /**
     * One row.
     *
     * @param harm what was done, with how often: kills by kind, faults by message
     * @param work tokens computed over tokens of one pass, the worst of all runs; 0 where it was not counted
     * @param outcome in words
     */
    record Entry(
            String scenario,
            long seed,
            int runs,
            SortedMap<String, Integer> harm,
            long lost,
            long duplicated,
            long orphans,
            double work,
            String outcome,
            double seconds) {
        String row(String commit) {
            String harms = harm.entrySet().stream()
                    .map(e -> e.getValue() + " " + e.getKey())
                    .collect(Collectors.joining(", "));
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %d | %d | %s | %d | %d | %d | %s | %s | %.0f |%n",
                    LocalDate.now(ZoneOffset.UTC),
                    commit,
                    scenario,
                    seed,
                    runs,
                    harms.isEmpty() ? "–" : harms,
                    lost,
                    duplicated,
                    orphans,
                    work == 0 ? "–" : String.format(Locale.ROOT, "%.2f", work),
                    outcome.replace("|", "/"),
                    seconds);
        }
    }

    static void append(Path file, Path repository, Entry entry) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "-C", repository.toString(), "rev-parse", "--short", "HEAD").start();
        String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        git.waitFor();
        Files.writeString(file, entry.row(commit), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
