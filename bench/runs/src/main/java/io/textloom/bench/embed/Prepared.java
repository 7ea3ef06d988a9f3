package io.textloom.bench.embed;

/**
 * The texts of a run in numbers.
 *
 * @param tokens of all texts, special tokens included; unit: tokens
 * @param flops of the encoder on them, padding not counted; unit: floating-point operations
 * @param shortTokens tokens when every text is cut to {@link #SHORT_WINDOW}
 * @param shortFlops the same in operations
 * @param overShort texts longer than {@link #SHORT_WINDOW}
 * @param p10,p50,p90,longest lengths; unit: tokens
 */
record Prepared(
        int texts,
        long tokens,
        double flops,
        long shortTokens,
        double shortFlops,
        int overShort,
        int p10,
        int p50,
        int p90,
        int longest) {
    /** Where Spark NLP cuts unless told otherwise; unit: tokens */
    static final int SHORT_WINDOW = 128;
}
