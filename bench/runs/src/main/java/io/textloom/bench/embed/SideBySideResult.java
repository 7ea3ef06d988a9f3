package io.textloom.bench.embed;

import io.textloom.bench.side.Machine;
import java.util.List;
import java.util.SortedMap;

/**
 * Everything a side-by-side run measured.
 *
 * @param date UTC
 * @param source file or directory the texts' words came from, its name alone
 * @param gemm one for each repetition
 * @param bareLoop one for each repetition
 * @param engines in the order of the report; {@link SideBySide#TEXTLOOM} and its variants last
 * @param grids seconds by batch size of each engine that was tuned
 */
record SideBySideResult(
        String date,
        Machine machine,
        String source,
        int seed,
        Prepared texts,
        List<GemmRate.Figures> gemm,
        List<BareLoop.Figures> bareLoop,
        List<Engine> engines,
        SortedMap<String, SortedMap<Integer, Double>> grids,
        List<Agreement> agreement) {}
