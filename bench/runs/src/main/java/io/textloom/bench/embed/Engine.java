package io.textloom.bench.embed;

import io.textloom.bench.LocalSpark;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One engine's part of a side-by-side run.
 *
 * @param work what it was given
 * @param runs one for each repetition, in the order they were made
 */
record Engine(String name, Work work, List<RunFigures> runs) {
    boolean made(String pass) {
        return runs.stream().anyMatch(run -> run.has(pass));
    }

    Spread spread(String pass, ToDoubleFunction<Pass> value) {
        return Spread.of(runs.stream()
                .filter(run -> run.has(pass))
                .map(run -> value.applyAsDouble(run.pass(pass)))
                .toList());
    }

    /** {@code amount} over the wall time; unit: 1/s */
    Spread rate(String pass, double amount) {
        return spread(pass, p -> amount / p.wallSeconds());
    }

    Spread tokensPerSecond(String pass) {
        return rate(pass, work.tokens());
    }

    Spread tokensPerCpuSecond(String pass) {
        return spread(pass, p -> work.tokens() / p.cpuSeconds());
    }

    /** Useful work; unit: GFLOP/s */
    Spread gflops(String pass) {
        return rate(pass, work.flops() / 1e9);
    }

    /** Useful work over the time inside the model calls, for an engine that tells it; unit: GFLOP/s */
    Spread gflopsInsideModel(String pass) {
        return spread(
                pass,
                p -> p.details().getOrDefault("usefulFlops", 0.0)
                        / (p.details().getOrDefault("modelSeconds", 1.0) / LocalSpark.CORES)
                        / 1e9);
    }

    /** unit: bytes */
    Spread peakResident() {
        return Spread.of(
                runs.stream().map(run -> (double) run.peakResidentBytes()).toList());
    }
}
