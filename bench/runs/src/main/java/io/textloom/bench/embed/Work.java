package io.textloom.bench.embed;

import io.textloom.bench.BenchText;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The useful work of an engine: its texts, each cut to its window, padding not counted.
 *
 * @param tokens special tokens included; unit: tokens
 * @param flops of the encoder; unit: floating-point operations
 */
record Work(int texts, long tokens, double flops) {
    /**
     * @param window longest text that is not cut; unit: tokens
     * @param flops of a text of so many tokens
     */
    static Work of(List<BenchText> texts, int window, IntToDoubleFunction flops) {
        int[] lengths =
                texts.stream().mapToInt(text -> Math.min(window, text.tokens())).toArray();
        long tokens = 0;
        double operations = 0;
        for (int length : lengths) {
            tokens += length;
            operations += flops.applyAsDouble(length);
        }
        return new Work(lengths.length, tokens, operations);
    }
}
