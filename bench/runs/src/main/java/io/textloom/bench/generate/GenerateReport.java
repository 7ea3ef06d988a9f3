package io.textloom.bench.generate;

import io.textloom.bench.LocalSpark;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Machine;
import io.textloom.bench.side.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A result as Markdown. */
final class GenerateReport {
    private static final double GIB = 1 << 30;

    /** What each of Textloom's precisions is to reach, by the peer's name; unit: times its rate */
    private static final Map<String, Map<String, Double>> GOALS = Map.of(
            GenerateSideBySide.TEXTLOOM,
                    Map.of(GenerateSideBySide.SPARK_NLP, 30.0, GenerateSideBySide.TRANSFORMERS, 1.5),
            GenerateSideBySide.INT8, Map.of(GenerateSideBySide.LLAMA, 8.0, GenerateSideBySide.TRANSFORMERS, 3.0));

    private final GenerateResult result;
    private final StringBuilder out = new StringBuilder();

    private GenerateReport(GenerateResult result) {
        this.result = result;
    }

    static String of(GenerateResult result) {
        return new GenerateReport(result).write();
    }

    private String write() {
        head();
        engines(result.engines());
        line("");
        ratios();
        line("");
        result.agreement()
                .forEach((engine, share) -> line(
                        "- %s: %.0f%% of its completions are %s's, character by character.",
                        engine, 100 * share, GenerateSideBySide.TEXTLOOM));
        result.grids().forEach(this::grid);
        if (!result.fewShot().isEmpty()) {
            fewShot();
        }
        return out.toString();
    }

    private void head() {
        Machine machine = result.machine();
        line("%s, %s, %d cores, %d GiB", result.date(), machine.cpu(), machine.cores(), machine.memoryGib());
        line("");
        Map<String, String> versions = new TreeMap<>();
        result.engines()
                .forEach(engine -> engine.runs().forEach(run -> run.versions().forEach(versions::putIfAbsent)));
        List<String> shown = new ArrayList<>();
        versions.forEach((name, version) -> shown.add(name + " " + version));
        line("%s", String.join(", ", shown));
        line("");
        line(
                "Words of `%s`, seed %d, %d cores for every engine; %d repetitions, median (min–max).",
                result.source(),
                result.seed(),
                LocalSpark.CORES,
                result.engines().get(0).runs().size());
        line("");
    }

    private void engines(List<GenerateEngine> engines) {
        cells("", engines, GenerateEngine::name);
        cells("---", engines, e -> "---:");
        cells("prompts", engines, e -> String.valueOf(e.prompts()));
        cells("prompt tokens", engines, e -> String.valueOf(e.promptTokens()));
        cells("completion tokens", engines, e -> String.valueOf(e.completionTokens()));
        pass("whole job", Pass.COLD, engines);
        cells(
                "CPU s of other processes",
                engines,
                e -> e.spread(Pass.COLD, Pass::otherCpuSeconds).show("%.1f"));
        cells("peak resident GiB", engines, e -> e.peakResident().over(GIB).show("%.1f"));
        pass("again in the same process", Pass.WARM, engines);
        cells("slot occupancy, %", engines, e -> occupancy(e));
        cells("settings", engines, e -> settings(e.runs().get(0)));
    }

    private void pass(String title, String pass, List<GenerateEngine> engines) {
        cells("**" + title + "**, wall s", engines, e -> shown(e, pass, Pass::wallSeconds, "%.1f"));
        cells(
                "completion tokens/s",
                engines,
                e -> e.made(pass) ? e.perSecond(pass).show("%.0f") : "–");
        cells("CPU s", engines, e -> shown(e, pass, Pass::cpuSeconds, "%.1f"));
        cells(
                "completion tokens/CPU s",
                engines,
                e -> e.made(pass) ? e.perCpuSecond(pass).show("%.0f") : "–");
    }

    private static String shown(GenerateEngine engine, String pass, ToDoubleFunction<Pass> value, String format) {
        return engine.made(pass) ? engine.spread(pass, value).show(format) : "–";
    }

    private static String occupancy(GenerateEngine engine) {
        if (engine.tells("slotOccupancy")) {
            return engine.detail(Pass.COLD, "slotOccupancy").over(0.01).show("%.0f");
        }
        if (engine.tells("decodedTokens")) {
            double decoded = engine.detail(Pass.COLD, "decodedTokens").median();
            return format("%.0f of what it decoded counts", 100 * engine.completionTokens() / decoded);
        }
        return "–";
    }

    /** Textloom over every peer. */
    private void ratios() {
        List<GenerateEngine> peers =
                result.engines().stream().filter(e -> !isTextloom(e)).toList();
        if (peers.isEmpty()) {
            return;
        }
        cells("completion tokens/s, times those of", peers, GenerateEngine::name);
        cells("---", peers, e -> "---:");
        for (GenerateEngine ours :
                result.engines().stream().filter(GenerateReport::isTextloom).toList()) {
            cells(
                    ours.name() + ", whole job (goal)",
                    peers,
                    peer -> ratio(ours, peer, GenerateEngine::perSecond) + goal(ours, peer));
            cells(
                    ours.name() + ", whole job, per CPU second",
                    peers,
                    peer -> ratio(ours, peer, GenerateEngine::perCpuSecond));
        }
    }

    private static String goal(GenerateEngine ours, GenerateEngine peer) {
        return Optional.ofNullable(GOALS.getOrDefault(ours.name(), Map.of()).get(peer.name()))
                .map(goal -> format(" (%.1f×)", goal))
                .orElse("");
    }

    private static String ratio(
            GenerateEngine ours, GenerateEngine peer, BiFunction<GenerateEngine, String, Spread> rate) {
        return format(
                "%.2f×",
                rate.apply(ours, Pass.COLD).median()
                        / rate.apply(peer, Pass.COLD).median());
    }

    private void grid(String engine, Map<String, Double> rates) {
        List<String> cells = new ArrayList<>();
        rates.forEach((setting, rate) -> cells.add(format("%s %.0f", setting, rate)));
        line("- Settings of %s, completion tokens/s: %s", engine, String.join(", ", cells));
    }

    private void fewShot() {
        line("");
        line("Few-shot prompts, %.0f%% of each the beginning of all:", 80.0);
        line("");
        engines(result.fewShot());
        line("");
        for (int i = 0; i + 1 < result.fewShot().size(); i += 2) {
            GenerateEngine with = result.fewShot().get(i);
            GenerateEngine without = result.fewShot().get(i + 1);
            line(
                    "- %s over none: whole job **%s**, per CPU second %s (goal 3×)",
                    with.name(),
                    ratio(with, without, GenerateEngine::perSecond),
                    ratio(with, without, GenerateEngine::perCpuSecond));
        }
    }

    private static boolean isTextloom(GenerateEngine engine) {
        return engine.name().startsWith(GenerateSideBySide.TEXTLOOM);
    }

    private static String settings(RunFigures run) {
        List<String> shown = new ArrayList<>();
        for (String key : List.of(
                "batchSize",
                "order",
                "slots",
                "threads",
                "callers",
                "intraOpNumThreads",
                "generate.slots",
                "generate.precision",
                "generate.prefixCache")) {
            String value = run.settings().get(key);
            if (value != null) {
                shown.add(key.replace("generate.", "") + " " + value);
            }
        }
        return String.join(", ", shown);
    }

    private void cells(String title, List<GenerateEngine> columns, Function<GenerateEngine, String> cell) {
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
