package io.textloom.bench.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Machine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GenerateReportTest {
    @Test
    void ratiosAreOfRatesWhereAPeerGotFewerPrompts() {
        // 100 tokens in 10 s, 10 tokens/s, against 1000 in 5 s, 200 tokens/s
        String report = report(
                List.of(
                        engine(GenerateSideBySide.LLAMA, 100, 10, Map.of()),
                        engine(GenerateSideBySide.INT8, 1000, 5, Map.of("slotOccupancy", 0.93))),
                List.of());
        assertThat(report)
                .contains("| Textloom int8, whole job (goal) | 20.00× (8.0×) |")
                .contains("| slot occupancy, % | – | 93 |")
                .doesNotContain("Few-shot");
    }

    @Test
    void ofPaddedBatchesTheShareThatCountsIsShown() {
        String report = report(
                List.of(
                        engine(GenerateSideBySide.TRANSFORMERS, 80, 10, Map.of("decodedTokens", 100.0)),
                        engine(GenerateSideBySide.TEXTLOOM, 80, 5, Map.of())),
                List.of());
        assertThat(report)
                .contains("80 of what it decoded counts")
                .contains("| Textloom, whole job (goal) | 2.00× (1.5×) |");
    }

    @Test
    void thePrefixCacheIsComparedWithNone() {
        List<GenerateEngine> ours = List.of(engine(GenerateSideBySide.TEXTLOOM, 80, 5, Map.of()));
        String report = report(
                ours,
                List.of(
                        engine("Textloom, prefix cache", 80, 2, Map.of()),
                        engine("Textloom, no prefix cache", 80, 8, Map.of())));
        assertThat(report).contains("Textloom, prefix cache over none: whole job **4.00×**");
    }

    private static String report(List<GenerateEngine> engines, List<GenerateEngine> fewShot) {
        return GenerateReport.of(new GenerateResult(
                "2026-01-01T00:00:00Z",
                new Machine("a processor", 2, 8, "Linux"),
                "words.txt",
                7,
                engines,
                fewShot,
                new TreeMap<>(),
                new TreeMap<>()));
    }

    private static GenerateEngine engine(String name, long tokens, double seconds, Map<String, Double> more) {
        Map<String, Double> details = new TreeMap<>(more);
        details.put("completionTokens", (double) tokens);
        Pass pass = new Pass(Pass.COLD, seconds, seconds, 0, List.of(), new TreeMap<>(details));
        RunFigures run = new RunFigures(name, new TreeMap<>(), new TreeMap<>(), List.of(pass), 1 << 20);
        return new GenerateEngine(name, 10, 100, tokens, List.of(run));
    }
}
