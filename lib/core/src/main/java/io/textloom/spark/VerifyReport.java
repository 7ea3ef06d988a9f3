package io.textloom.spark;

import java.util.List;
import java.util.SortedMap;

/** What a recount of an output found: problems in words, none if all is well, and the counts. */
public record VerifyReport(List<String> problems, SortedMap<String, Long> counts) {
    public VerifyReport {
        problems = List.copyOf(problems);
    }

    public boolean ok() {
        return problems.isEmpty();
    }
}
