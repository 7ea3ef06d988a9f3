package io.textloom.bench;

import java.util.List;
import java.util.SortedMap;

/**
 * What one JVM measured.
 *
 * @param engine as the report names it
 * @param peakResidentBytes largest resident memory, heap and native; unit: bytes
 */
public record RunFigures(
        String engine,
        SortedMap<String, String> settings,
        SortedMap<String, String> versions,
        List<Pass> passes,
        long peakResidentBytes) {
    /** @throws IllegalStateException if the run had no such pass */
    public Pass pass(String name) {
        return passes.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(engine + " made no " + name + " pass"));
    }

    public boolean has(String name) {
        return passes.stream().anyMatch(p -> p.name().equals(name));
    }
}
