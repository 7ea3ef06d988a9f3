package io.textloom.spark;

import java.util.List;
import java.util.SortedMap;

/** What was checked in an output directory, and what is wrong with it. */
public record VerifyReport(List<String> problems, SortedMap<String, Long> counts) {
    public boolean ok() {
        return problems.isEmpty();
    }
}
