package io.textloom.bench.embed;

import io.textloom.bench.LocalSpark;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A side-by-side result as Markdown. */
final class Report {
    private static final double GIB = 1 << 30;

    private final SideBySideResult result;
    private final StringBuilder out = new StringBuilder();

    private Report(SideBySideResult result) {
        this.result = result;
    }

    static String of(SideBySideResult result) {
        return new Report(result).write();
    }

    private String write() {
        Prepared texts = result.texts();
        line(
                "%s, %s, %d cores, %d GiB, Java %s, Spark %s, ONNX Runtime %s, Spark NLP %s",
                result.date(),
                result.machine().cpu(),
                result.machine().cores(),
                result.machine().memoryGib(),
                version("java"),
                version("spark"),
                version("onnxruntime"),
                version("spark-nlp"));
        line("");
        line(
                "%d texts of `%s`, %d tokens (10%% have at most %d, half %d, 90%% %d, the longest %d);"
                        + " median of %d repetitions (min–max).",
                texts.texts(),
                result.source(),
                texts.tokens(),
                texts.p10(),
                texts.p50(),
                texts.p90(),
                texts.longest(),
                result.gemm().size());
        line("");
        row("", SideBySideResult.Engine::name);
        row("---", e -> "---:");
        row(
                "**whole job**, wall s",
                e -> spread(e, Pass.COLD, Pass::wallSeconds).show("%.1f"));
        row("sentences/s", e -> rate(e, Pass.COLD, p -> texts.texts()).show("%.0f"));
        row("real tokens/s", e -> rate(e, Pass.COLD, p -> tokens(e)).show("%.0f"));
        row("useful GFLOP/s", e -> rate(e, Pass.COLD, p -> flops(e) / 1e9).show("%.0f"));
        row("% of the GEMM rate", e -> percentOfGemm(e, Pass.COLD).show("%.0f"));
        row("CPU s", e -> spread(e, Pass.COLD, Pass::cpuSeconds).show("%.1f"));
        row(
                "CPU s of other processes",
                e -> spread(e, Pass.COLD, Pass::otherCpuSeconds).show("%.1f"));
        row(
                "peak resident GiB",
                e -> Spread.of(e.runs().stream()
                                .map(r -> r.peakResidentBytes() / GIB)
                                .toList())
                        .show("%.1f"));
        row("padding efficiency, %", e -> "%.0f".formatted(100 * paddingEfficiency(e)));
        if (result.engines().stream().allMatch(e -> e.runs().stream().anyMatch(r -> r.has(Pass.WARM)))) {
            row(
                    "**again in the same JVM**, wall s",
                    e -> spread(e, Pass.WARM, Pass::wallSeconds).show("%.1f"));
            row("sentences/s", e -> rate(e, Pass.WARM, p -> texts.texts()).show("%.0f"));
            row("useful GFLOP/s", e -> rate(e, Pass.WARM, p -> flops(e) / 1e9).show("%.0f"));
            row("% of the GEMM rate", e -> percentOfGemm(e, Pass.WARM).show("%.0f"));
        }
        row("settings", e -> settings(e.runs().get(0)));
        line("");
        for (SideBySideResult.Engine engine : result.engines()) {
            if (!engine.name().equals(SideBySide.TEXTLOOM)) {
                line(
                        "- Textloom over %s, sentences/s: whole job %s×, again in the same JVM %s×",
                        engine.name(), ratio(engine, Pass.COLD), ratio(engine, Pass.WARM));
            }
        }
        line(
                "- GEMM rate (ONNX Runtime MatMul, float32, MiniLM's shapes, 512 rows, %d threads): %s GFLOP/s",
                LocalSpark.CORES, gemm().show("%.0f"));
        line(
                "- Textloom inside the model calls, cold: %s useful GFLOP/s",
                spread(textloom(), Pass.COLD, Report::insideModel).show("%.0f"));
        for (Agreement agreement : result.agreement()) {
            line(
                    "- Cosine of Textloom and %s: mean %.6f, min %.6f over %d texts, %d of them at least %s%s",
                    agreement.peer(),
                    agreement.meanCosine(),
                    agreement.minCosine(),
                    agreement.texts(),
                    agreement.same(),
                    Agreement.SAME,
                    agreement.cutTexts() == 0
                            ? ""
                            : "; on the %d texts that it cuts mean %.3f, min %.3f"
                                    .formatted(
                                            agreement.cutTexts(), agreement.cutMeanCosine(), agreement.cutMinCosine()));
        }
        if (!result.grid().isEmpty()) {
            List<String> cells = new ArrayList<>();
            result.grid().forEach((batch, seconds) -> cells.add("batch %d %.1f s".formatted(batch, seconds)));
            line("- Spark NLP's tuning grid, one thread per task, sorted: %s", String.join(", ", cells));
        }
        return out.toString();
    }

    private String version(String name) {
        return result.engines().stream()
                .flatMap(e -> e.runs().stream())
                .map(r -> r.versions().getOrDefault(name, ""))
                .filter(v -> !v.isEmpty())
                .findFirst()
                .orElse("unknown");
    }

    private SideBySideResult.Engine textloom() {
        return result.engines().stream()
                .filter(e -> e.name().equals(SideBySide.TEXTLOOM))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The result has no run of Textloom"));
    }

    private static boolean cuts(SideBySideResult.Engine engine) {
        return String.valueOf(Prepared.SHORT_WINDOW)
                .equals(engine.runs().get(0).settings().get("maxSentenceLength"));
    }

    private double tokens(SideBySideResult.Engine engine) {
        return cuts(engine) ? result.texts().shortTokens() : result.texts().tokens();
    }

    private double flops(SideBySideResult.Engine engine) {
        return cuts(engine) ? result.texts().shortFlops() : result.texts().flops();
    }

    private double paddingEfficiency(SideBySideResult.Engine engine) {
        for (Agreement agreement : result.agreement()) {
            if (agreement.peer().equals(engine.name())) {
                return agreement.paddingEfficiency();
            }
        }
        var details = engine.runs().get(0).pass(Pass.COLD).details();
        return details.getOrDefault("tokens", 0.0) / details.getOrDefault("paddedTokens", 1.0);
    }

    private static List<Pass> passes(SideBySideResult.Engine engine, String pass) {
        return engine.runs().stream()
                .filter(r -> r.has(pass))
                .map(r -> r.pass(pass))
                .toList();
    }

    private static Spread spread(SideBySideResult.Engine engine, String pass, ToDoubleFunction<Pass> value) {
        return Spread.of(passes(engine, pass).stream().map(value::applyAsDouble).toList());
    }

    private static Spread rate(SideBySideResult.Engine engine, String pass, ToDoubleFunction<Pass> work) {
        return spread(engine, pass, p -> work.applyAsDouble(p) / p.wallSeconds());
    }

    private Spread gemm() {
        return Spread.of(result.gemm().stream().map(GemmRate.Figures::best).toList());
    }

    private Spread percentOfGemm(SideBySideResult.Engine engine, String pass) {
        double gemm = gemm().median();
        return rate(engine, pass, p -> 100 * flops(engine) / 1e9 / gemm);
    }

    private static double insideModel(Pass pass) {
        return pass.details().getOrDefault("usefulFlops", 0.0)
                / (pass.details().getOrDefault("modelSeconds", 1.0) / LocalSpark.CORES)
                / 1e9;
    }

    private String ratio(SideBySideResult.Engine peer, String pass) {
        if (passes(peer, pass).isEmpty() || passes(textloom(), pass).isEmpty()) {
            return "–";
        }
        double ours = spread(textloom(), pass, Pass::wallSeconds).median();
        return String.format(
                Locale.ROOT, "%.1f", spread(peer, pass, Pass::wallSeconds).median() / ours);
    }

    private static String settings(RunFigures run) {
        List<String> shown = new ArrayList<>();
        for (String key :
                List.of("batchSize", "intraOpNumThreads", "sorted", "maxSentenceLength", "embed.batchTokens")) {
            String value = run.settings().get(key);
            if (value != null) {
                shown.add(key.replace("embed.", "") + " " + value);
            }
        }
        return String.join(", ", shown);
    }

    private void row(String title, Function<SideBySideResult.Engine, String> cell) {
        out.append("| ").append(title).append(" |");
        for (SideBySideResult.Engine engine : result.engines()) {
            out.append(' ').append(cell.apply(engine)).append(" |");
        }
        out.append('\n');
    }

    private void line(String format, Object... arguments) {
        out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
                .append('\n');
    }
}
