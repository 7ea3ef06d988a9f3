package io.textloom.bench.embed;

import io.textloom.bench.LocalSpark;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Machine;
import io.textloom.bench.side.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

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
        head();
        engines();
        line("");
        ratios();
        line("");
        agreement();
        line("");
        limits();
        result.grids().forEach((engine, seconds) -> {
            List<String> cells = new ArrayList<>();
            seconds.forEach((batch, s) -> cells.add(format("batch %d %.1f s", batch, s)));
            line("- Tuning grid of %s, better of two rounds: %s", engine, String.join(", ", cells));
        });
        return out.toString();
    }

    private void head() {
        Prepared texts = result.texts();
        Machine machine = result.machine();
        line("%s, %s, %d cores, %d GiB", result.date(), machine.cpu(), machine.cores(), machine.memoryGib());
        line("");
        line(
                "%s",
                String.join(
                        ", ",
                        Stream.of("java", "spark", "onnxruntime", "spark-nlp", "sentence-transformers", "torch")
                                .filter(name -> !version(name).isEmpty())
                                .map(name -> name + " " + version(name))
                                .toList()));
        line("");
        line(
                "%d texts of `%s`, %d tokens (10%% have at most %d, half %d, 90%% %d, the longest %d);"
                        + " repetitions: %d, median (min–max).",
                texts.whole().texts(),
                result.source(),
                texts.whole().tokens(),
                texts.p10(),
                texts.p50(),
                texts.p90(),
                texts.longest(),
                result.gemm().size());
        line("");
        if (texts.defaults().texts() < texts.whole().texts()
                && result.engines().stream().anyMatch(e -> e.name().equals(SideBySide.DEFAULTS))) {
            line(
                    "**%s embedded the first %d texts alone, the others all %d: compare its rates, not its seconds.**"
                            + " What a job costs once weighs more on fewer texts; the second pass has the least of it.",
                    SideBySide.DEFAULTS, texts.defaults().texts(), texts.whole().texts());
            line("");
        }
    }

    private void engines() {
        row("", Engine::name);
        row("---", e -> "---:");
        row("texts", e -> String.valueOf(e.work().texts()));
        row("**whole job**, wall s", e -> e.spread(Pass.COLD, Pass::wallSeconds).show("%.1f"));
        rates(Pass.COLD);
        row("CPU s", e -> e.spread(Pass.COLD, Pass::cpuSeconds).show("%.1f"));
        row(
                "CPU s of other processes",
                e -> e.spread(Pass.COLD, Pass::otherCpuSeconds).show("%.1f"));
        row("peak resident GiB", e -> e.peakResident().over(GIB).show("%.1f"));
        row("padding efficiency, %", e -> format("%.0f", 100 * paddingEfficiency(e)));
        if (result.engines().stream().allMatch(e -> e.made(Pass.WARM))) {
            row(
                    "**again in the same process**, wall s",
                    e -> e.spread(Pass.WARM, Pass::wallSeconds).show("%.1f"));
            rates(Pass.WARM);
            row("CPU s", e -> e.spread(Pass.WARM, Pass::cpuSeconds).show("%.1f"));
        }
        row("settings", e -> settings(e.runs().get(0)));
    }

    private void rates(String pass) {
        row("sentences/s", e -> e.rate(pass, e.work().texts()).show("%.0f"));
        row("useful tokens/s", e -> e.tokensPerSecond(pass).show("%.0f"));
        row("useful GFLOP/s", e -> e.gflops(pass).show("%.0f"));
        row("% of the GEMM rate", e -> percentOfGemm(e.gflops(pass)));
    }

    /** Textloom and its variants over every other engine. */
    private void ratios() {
        List<Engine> peers =
                result.engines().stream().filter(e -> !isTextloom(e)).toList();
        cells("useful tokens/s, times those of", peers, Engine::name);
        cells("---", peers, e -> "---:");
        for (Engine ours : result.engines().stream().filter(Report::isTextloom).toList()) {
            ratios(ours, "whole job", peers, Pass.COLD, Engine::tokensPerSecond);
            ratios(ours, "again in the same process", peers, Pass.WARM, Engine::tokensPerSecond);
            ratios(ours, "whole job, per CPU second", peers, Pass.COLD, Engine::tokensPerCpuSecond);
            ratios(ours, "again, per CPU second", peers, Pass.WARM, Engine::tokensPerCpuSecond);
        }
        Engine plain = textloom();
        for (Engine variant :
                result.engines().stream().filter(Report::isTextloom).skip(1).toList()) {
            line("");
            line(
                    "%s over %s, useful tokens/s: whole job %s, again in the same process %s.",
                    variant.name(),
                    plain.name(),
                    ratio(variant, plain, Pass.COLD, Engine::tokensPerSecond),
                    ratio(variant, plain, Pass.WARM, Engine::tokensPerSecond));
        }
    }

    private void ratios(
            Engine ours, String measure, List<Engine> peers, String pass, BiFunction<Engine, String, Spread> rate) {
        cells(ours.name() + ", " + measure, peers, peer -> ratio(ours, peer, pass, rate));
    }

    private static String ratio(Engine ours, Engine peer, String pass, BiFunction<Engine, String, Spread> rate) {
        return ours.made(pass) && peer.made(pass)
                ? format(
                        "%.2f×",
                        rate.apply(ours, pass).median() / rate.apply(peer, pass).median())
                : "–";
    }

    private void agreement() {
        line("| cosine of Textloom and | texts | mean | min | at least %s |", Agreement.SAME);
        line("| --- | ---: | ---: | ---: | ---: |");
        for (Agreement a : result.agreement()) {
            line("| %s | %d | %.6f | %.6f | %d |", a.peer(), a.texts(), a.meanCosine(), a.minCosine(), a.same());
            if (a.cutTexts() > 0) {
                line(
                        "| %s, texts that it cuts | %d | %.6f | %.6f | – |",
                        a.peer(), a.cutTexts(), a.cutMeanCosine(), a.cutMinCosine());
            }
        }
    }

    private void limits() {
        line(
                "- GEMM rate (ONNX Runtime MatMul, float32, MiniLM's shapes, 512 rows, %d threads): %s GFLOP/s",
                LocalSpark.CORES, gemm().show("%.0f"));
        Spread bare = Spread.of(
                result.bareLoop().stream().map(BareLoop.Figures::gflops).toList());
        line(
                "- Textloom's bare loop (batches made beforehand, %d callers, one native thread each, no Spark):"
                        + " %s useful GFLOP/s, %s%% of the GEMM rate",
                LocalSpark.CORES, bare.show("%.0f"), percentOfGemm(bare));
        for (Engine ours : result.engines().stream().filter(Report::isTextloom).toList()) {
            for (String pass :
                    Stream.of(Pass.COLD, Pass.WARM).filter(ours::made).toList()) {
                line(
                        "- %s, %s: %s%% of the GEMM rate; inside the model calls %s useful GFLOP/s",
                        ours.name(),
                        pass.equals(Pass.COLD) ? "whole job" : "again in the same process",
                        percentOfGemm(ours.gflops(pass)),
                        ours.gflopsInsideModel(pass).show("%.0f"));
            }
        }
    }

    private String version(String name) {
        return result.engines().stream()
                .flatMap(e -> e.runs().stream())
                .map(r -> r.versions().getOrDefault(name, ""))
                .filter(v -> !v.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean isTextloom(Engine engine) {
        return engine.name().startsWith(SideBySide.TEXTLOOM);
    }

    private Engine textloom() {
        return result.engines().stream()
                .filter(Report::isTextloom)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The result has no run of Textloom"));
    }

    /** The engine's own count, else the one of its row order. */
    private double paddingEfficiency(Engine engine) {
        var details = engine.runs().get(0).pass(Pass.COLD).details();
        double counted = details.getOrDefault("tokens", 0.0) / details.getOrDefault("paddedTokens", 1.0);
        return result.agreement().stream()
                .filter(a -> a.peer().equals(engine.name()) && a.paddedTokens() > 0)
                .map(Agreement::paddingEfficiency)
                .findFirst()
                .orElse(counted);
    }

    private Spread gemm() {
        return Spread.of(result.gemm().stream().map(GemmRate.Figures::best).toList());
    }

    private String percentOfGemm(Spread gflops) {
        return gflops.over(gemm().median() / 100).show("%.0f");
    }

    private static String settings(RunFigures run) {
        List<String> shown = new ArrayList<>();
        for (String key : List.of(
                "batchSize",
                "intraOpNumThreads",
                "threads",
                "sorted",
                "maxSentenceLength",
                "embed.batchTokens",
                "embed.precision")) {
            String value = run.settings().get(key);
            if (value != null) {
                shown.add(key.replace("embed.", "") + " " + value);
            }
        }
        return String.join(", ", shown);
    }

    private void row(String title, Function<Engine, String> cell) {
        cells(title, result.engines(), cell);
    }

    private void cells(String title, List<Engine> columns, Function<Engine, String> cell) {
        out.append("| ").append(title).append(" |");
        columns.forEach(column -> out.append(' ').append(cell.apply(column)).append(" |"));
        out.append('\n');
    }

    private void line(String format, Object... arguments) {
        out.append(arguments.length == 0 ? format : format(format, arguments)).append('\n');
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
