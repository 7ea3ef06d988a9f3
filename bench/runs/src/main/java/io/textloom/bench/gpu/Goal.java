package io.textloom.bench.gpu;

import java.util.Locale;

/** Tokens per second of BERT-base at 512 tokens on one H200, and the share of its dense half-precision peak that they are. */
enum Goal {
    LEAST(1.3e6),
    GOAL(2.1e6),
    STRETCH(2.6e6);

    /** H200, float16 and bfloat16, dense, as its maker states it; unit: TFLOP/s */
    static final double PEAK_TFLOPS = 989;

    final double tokensPerSecond;

    Goal(double tokensPerSecond) {
        this.tokensPerSecond = tokensPerSecond;
    }

    /** {@code goal 2.1 M tokens/s: missed (1.8 M)}. */
    String judge(double found) {
        return String.format(
                Locale.ROOT,
                "%-8s %.1f M tokens/s: %s (%.2f M)",
                name().toLowerCase(Locale.ROOT),
                tokensPerSecond / 1e6,
                reached(found) ? "reached" : "missed",
                found / 1e6);
    }

    boolean reached(double found) {
        return found >= tokensPerSecond;
    }
}
