package io.textloom.spark;

import java.util.List;
import java.util.SortedMap;

/**
 * What a recount of an output found.
 *
 * @param problems in words, none if all is well
 * @param unchecked what was asked for and could not be looked at, such as an input that is gone, in words
 */
public record VerifyReport(List<String> problems, SortedMap<String, Long> counts, List<String> unchecked) {
    public VerifyReport {
        problems = List.copyOf(problems);
        unchecked = List.copyOf(unchecked);
    }

    /** With everything checked. */
    public VerifyReport(List<String> problems, SortedMap<String, Long> counts) {
        this(problems, counts, List.of());
    }

    public boolean ok() {
        return problems.isEmpty();
    }
}
