package io.textloom.spark.intake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of an input, taken from places that are spread over it.
 *
 * @param files behind the input; 0 for a query or table
 * @param bytes of the files as stored; 0 for a query or table
 * @param format empty for a query or table
 * @param unit of sizes: {@code bytes}, {@code rows} or {@code files}
 * @param size of the whole input in that unit
 * @param probes where rows were taken, numbered as in {@link Text#probe}
 * @param texts of all rows of the sample that satisfy the condition
 * @param documents the same rows as a stage reads them
 */
public record IntakeSample(
        int files,
        long bytes,
        String format,
        String unit,
        double size,
        List<Probe> probes,
        List<Text> texts,
        Documents documents) {
    public IntakeSample {
        probes = List.copyOf(probes);
        texts = List.copyOf(texts);
    }

    /**
     * A row of the sample.
     *
     * @param text null where the row has none or is faulty
     * @param fault reject code; empty for a sound row
     */
    public record Text(int probe, @Nullable String text, String fault) {}

    /** How much of the input the sample holds, from 0 to 1: at 1 nothing is estimated. */
    public double share() {
        double read = 0;
        for (Probe probe : probes) {
            read += probe.rows() == 0 ? probe.size() : probe.size() * probe.kept() / probe.rows();
        }
        return size == 0 ? 1 : Math.min(1, read / size);
    }
}
