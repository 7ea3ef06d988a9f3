package io.textloom.spark.stage;

import io.textloom.generate.GenerateStats;
import io.textloom.runtime.EncoderStats;
import io.textloom.token.Lengths;
import java.io.Serializable;
import java.util.TreeMap;

/**
 * Counts of one task's work; additive.
 *
 * @param tokens tokens the model or the output saw, padding not counted
 * @param paddedTokens the same with padding
 * @param truncatedRows documents of which something was cut
 * @param droppedTokens tokens cut
 * @param modelNanos time inside the model
 * @param tokenizerNanos time inside the tokenizer
 * @param usefulFlops floating-point operations spent on real tokens
 * @param lengths of the documents before anything was cut, by tokenizer; a {@link TreeMap} so that it travels
 * @param devices that computed: what by where, so that those of tasks on one executor are counted once
 */
public record Meter(
        long tokens,
        long paddedTokens,
        long truncatedRows,
        long droppedTokens,
        long modelNanos,
        long tokenizerNanos,
        double usefulFlops,
        TreeMap<String, Lengths> lengths,
        TreeMap<String, String> devices)
        implements Serializable {
    public static final Meter ZERO = new Meter(0, 0, 0, 0, 0, 0, 0);

    // older tasks' reports have no devices
    @SuppressWarnings("NullAway")
    public Meter {
        devices = devices == null ? new TreeMap<>() : devices;
    }

    /** Without devices. */
    public Meter(
            long tokens,
            long paddedTokens,
            long truncatedRows,
            long droppedTokens,
            long modelNanos,
            long tokenizerNanos,
            double usefulFlops,
            TreeMap<String, Lengths> lengths) {
        this(
                tokens,
                paddedTokens,
                truncatedRows,
                droppedTokens,
                modelNanos,
                tokenizerNanos,
                usefulFlops,
                lengths,
                new TreeMap<>());
    }

    /** Without lengths. */
    public Meter(
            long tokens,
            long paddedTokens,
            long truncatedRows,
            long droppedTokens,
            long modelNanos,
            long tokenizerNanos,
            double usefulFlops) {
        this(
                tokens,
                paddedTokens,
                truncatedRows,
                droppedTokens,
                modelNanos,
                tokenizerNanos,
                usefulFlops,
                new TreeMap<>());
    }

    /** Of work with an encoder. */
    static Meter of(EncoderStats stats, long truncatedRows, long droppedTokens) {
        return new Meter(
                stats.tokens(),
                stats.paddedTokens(),
                truncatedRows,
                droppedTokens,
                stats.modelNanos(),
                stats.tokenizeNanos(),
                stats.flops());
    }

    /** Of work with a decoder. */
    static Meter of(GenerateStats stats, long truncatedRows, long droppedTokens) {
        return new Meter(
                stats.promptTokens() + stats.completionTokens(),
                stats.promptTokens() + stats.slotSteps(),
                truncatedRows,
                droppedTokens,
                stats.prefillNanos() + stats.decodeNanos(),
                0,
                0);
    }

    public Meter plus(Meter other) {
        TreeMap<String, Lengths> sum = new TreeMap<>(lengths);
        other.lengths.forEach((tokenizer, more) -> sum.merge(tokenizer, more, Lengths::plus));
        TreeMap<String, String> allDevices = new TreeMap<>(devices);
        allDevices.putAll(other.devices);
        return new Meter(
                tokens + other.tokens,
                paddedTokens + other.paddedTokens,
                truncatedRows + other.truncatedRows,
                droppedTokens + other.droppedTokens,
                modelNanos + other.modelNanos,
                tokenizerNanos + other.tokenizerNanos,
                usefulFlops + other.usefulFlops,
                sum,
                allDevices);
    }

    /** The same, computed on these devices. @param where what by where */
    public Meter on(TreeMap<String, String> where) {
        return new Meter(
                tokens,
                paddedTokens,
                truncatedRows,
                droppedTokens,
                modelNanos,
                tokenizerNanos,
                usefulFlops,
                lengths,
                where);
    }
}
