package io.textloom.bench.embed;

import io.textloom.bench.BenchText;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The texts of a run in numbers.
 *
 * @param whole all texts
 * @param defaults what Spark NLP's defaults do: the first texts or all, cut to {@link #SHORT_WINDOW}
 * @param p10,p50,p90,longest lengths; unit: tokens
 */
record Prepared(Work whole, Work defaults, int p10, int p50, int p90, int longest) {
    /** Where Spark NLP cuts unless told otherwise; unit: tokens */
    static final int SHORT_WINDOW = 128;

    /** @param first the texts that Spark NLP's defaults get */
    static Prepared of(List<BenchText> texts, List<BenchText> first, IntToDoubleFunction flops) {
        int[] lengths = texts.stream().mapToInt(BenchText::tokens).sorted().toArray();
        return new Prepared(
                Work.of(texts, TextRecipe.MAX_TOKENS, flops),
                Work.of(first, SHORT_WINDOW, flops),
                lengths[lengths.length / 10],
                lengths[lengths.length / 2],
                lengths[lengths.length * 9 / 10],
                lengths[lengths.length - 1]);
    }
}
