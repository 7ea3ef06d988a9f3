package io.textloom.bench.generate;

import io.textloom.bench.side.Machine;
import java.util.List;
import java.util.SortedMap;

/**
 * Everything a run measured.
 *
 * @param date UTC
 * @param source file or directory that the prompts' words came from, its name alone
 * @param engines in the order of the report
 * @param fewShot Textloom over prompts that begin alike, the prefix cache on and off
 * @param grids completion tokens per second by setting of each engine that was tuned
 * @param agreement share of its rows in which an engine's completion is the one of Textloom in float32
 */
record GenerateResult(
        String date,
        Machine machine,
        String source,
        int seed,
        List<GenerateEngine> engines,
        List<GenerateEngine> fewShot,
        SortedMap<String, SortedMap<String, Double>> grids,
        SortedMap<String, Double> agreement) {}
