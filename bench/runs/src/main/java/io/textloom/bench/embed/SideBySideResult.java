package io.textloom.bench.embed;

import io.textloom.bench.RunFigures;
import java.util.List;
import java.util.SortedMap;

/**
 * Everything a side-by-side run measured.
 *
 * @param date UTC
 * @param source file or directory the texts' words came from, its name alone
 * @param gemm one for each repetition
 * @param engines runs by engine, in the order of the report; the runs in the order they were made
 * @param grid seconds of the tuning grid by batch size
 */
record SideBySideResult(
        String date,
        Machine machine,
        String source,
        int seed,
        Prepared texts,
        List<GemmRate.Figures> gemm,
        List<Engine> engines,
        SortedMap<Integer, Double> grid,
        List<Agreement> agreement) {
    record Engine(String name, List<RunFigures> runs) {}
}
