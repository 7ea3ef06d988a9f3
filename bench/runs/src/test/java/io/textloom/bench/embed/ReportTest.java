package io.textloom.bench.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.bench.BenchText;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {
    /** 100 texts of 200 tokens, a token being one GFLOP. */
    private static final List<BenchText> TEXTS = IntStream.range(0, 100)
            .mapToObj(i -> new BenchText("t" + i, "…", 200))
            .toList();

    @Test
    void workIsCutToTheWindow() {
        Prepared prepared = prepared(10);
        assertThat(prepared.whole()).isEqualTo(new Work(100, 20_000, 20_000e9));
        assertThat(prepared.defaults()).isEqualTo(new Work(10, 1280, 1280e9));
        assertThat(prepared.p50()).isEqualTo(200);
    }

    @Test
    void ratiosAreOfTokensPerSecondNotOfSeconds() {
        // 1280 tokens in 8 s, 160 tokens/s, against 20,000 in 10 s, 2,000 tokens/s
        String report = report(10, engine(SideBySide.DEFAULTS, 8));
        assertThat(report)
                .contains("Spark NLP, defaults embedded the first 10 texts alone, the others all 100")
                .contains("| Textloom, whole job | 12.50× |")
                .contains("| Textloom, again in the same process | – |");
    }

    @Test
    void nothingIsSaidOfFirstTextsWhereAllEnginesGetAll() {
        assertThat(report(100, engine(SideBySide.DEFAULTS, 8))).doesNotContain("alone");
        assertThat(report(10, engine(SideBySide.TUNED, 8))).doesNotContain("alone");
    }

    @Test
    void bareLoopAndWholeJobAreSharesOfTheGemmRate() {
        assertThat(report(100))
                .contains("3200 useful GFLOP/s, 80% of the GEMM rate")
                .contains("Textloom, whole job: 50% of the GEMM rate");
    }

    @Test
    void aVariantIsComparedWithTextloomToo() {
        assertThat(report(100, engine(SideBySide.TUNED, 20), engine("Textloom int8", 4)))
                .contains("| Textloom, whole job | 2.00× |")
                .contains("| Textloom int8, whole job | 5.00× |")
                .contains("Textloom int8 over Textloom, useful tokens/s: whole job 2.50×");
    }

    private static Prepared prepared(int first) {
        return Prepared.of(TEXTS, TEXTS.subList(0, first), tokens -> tokens * 1e9);
    }

    private static String report(int first, RunFigures... others) {
        Prepared prepared = prepared(first);
        List<Engine> engines = new ArrayList<>();
        for (RunFigures run : others) {
            engines.add(new Engine(
                    run.engine(),
                    run.engine().equals(SideBySide.DEFAULTS) ? prepared.defaults() : prepared.whole(),
                    List.of(run)));
        }
        RunFigures textloom = engine(SideBySide.TEXTLOOM, 10);
        long variants = engines.stream()
                .filter(e -> e.name().startsWith(SideBySide.TEXTLOOM))
                .count();
        engines.add(
                engines.size() - (int) variants, new Engine(textloom.engine(), prepared.whole(), List.of(textloom)));
        return Report.of(new SideBySideResult(
                "2026-01-01T00:00:00Z",
                new Machine("a processor", 2, 8, "Linux"),
                "words.txt",
                7,
                prepared,
                List.of(new GemmRate.Figures(new TreeMap<>(), 4000, 3000, 0)),
                List.of(new BareLoop.Figures(3200, 10, 1, 0)),
                engines,
                new TreeMap<>(),
                List.of()));
    }

    private static RunFigures engine(String name, double wallSeconds) {
        Pass pass = new Pass(Pass.COLD, wallSeconds, wallSeconds, 0, List.of(), new TreeMap<>(Map.of("tokens", 1.0)));
        return new RunFigures(name, new TreeMap<>(), new TreeMap<>(), List.of(pass), 1 << 20);
    }
}
