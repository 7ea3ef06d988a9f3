package io.textloom.bench.generate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One engine's part of a run.
 *
 * @param prompts how many it was given
 * @param completionTokens that it was asked for
 * @param runs one for each repetition, in the order they were made
 */
record GenerateEngine(String name, int prompts, long promptTokens, long completionTokens, List<RunFigures> runs) {
    boolean made(String pass) {
        return runs.stream().anyMatch(run -> run.has(pass));
    }

    Spread spread(String pass, ToDoubleFunction<Pass> value) {
        return Spread.of(runs.stream()
                .filter(run -> run.has(pass))
                .map(run -> value.applyAsDouble(run.pass(pass)))
                .toList());
    }

    /** Completion tokens that the rows have; unit: 1/s */
    Spread perSecond(String pass) {
        return spread(pass, p -> completion(p) / p.wallSeconds());
    }

    Spread perCpuSecond(String pass) {
        return spread(pass, p -> completion(p) / p.cpuSeconds());
    }

    private static double completion(Pass pass) {
        return pass.details().getOrDefault("completionTokens", 0.0);
    }

    boolean tells(String detail) {
        return runs.get(0).passes().get(0).details().containsKey(detail);
    }

    Spread detail(String pass, String name) {
        return spread(pass, p -> p.details().getOrDefault(name, 0.0));
    }

    /** unit: bytes */
    @JsonIgnore
    Spread peakResident() {
        return Spread.of(
                runs.stream().map(run -> (double) run.peakResidentBytes()).toList());
    }
}
