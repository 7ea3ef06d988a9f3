package io.textloom.bench.generate;

import static io.textloom.bench.side.Programs.with;

import io.textloom.bench.BenchPrompt;
import io.textloom.bench.Json;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Machine;
import io.textloom.bench.side.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The side-by-side run of generation: starts every engine in a process of its own, one after another and over again, then writes the report. Options as
 * {@code scripts/bench-generate} lists them.
 */
final class GenerateSideBySide {
    static final String TEXTLOOM = "Textloom";
    static final String INT8 = "Textloom int8";
    static final String LLAMA = "llama.cpp Q8_0";
    static final String SPARK_NLP = "Spark NLP";
    static final String TRANSFORMERS = "transformers";

    private static final String INPUT = "--input";
    private static final String OUTPUT = "--output";

    private final Options options;
    private final Programs programs;
    private final Path work;
    private final Path folder;
    private final Path varied;
    private final Path fewShot;
    private final Contestants all;

    private GenerateSideBySide(Options options) {
        this.options = options;
        this.programs = new Programs("bench-generate", options);
        this.work = options.path("work");
        this.folder = work.resolve("model");
        this.varied = work.resolve("varied.jsonl");
        this.fewShot = work.resolve("few-shot.jsonl");
        this.all = new Contestants(options, programs, folder, varied);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        GenerateSideBySide run = new GenerateSideBySide(Options.parse(arguments));
        Files.createDirectories(run.work);
        GenerateResult result = run.run();
        Path results = run.options.path("results");
        Files.createDirectories(results);
        String date = DateTimeFormatter.ofPattern("yyyyMMdd-HHmm")
                .withZone(ZoneOffset.UTC)
                .format(Instant.parse(result.date()));
        Path file = results.resolve("generate-" + date + ".json");
        Json.write(file, result);
        String report = GenerateReport.of(result);
        Files.writeString(run.work.resolve("report.md"), report);
        System.out.println(report);
        System.err.println("bench-generate: all figures are in " + file);
    }

    private GenerateResult run() throws IOException, InterruptedException {
        Path source = options.path("texts");
        int seed = options.integer("seed", 7);
        prepare(source, seed);
        List<Contestant> contestants = all.varied();
        List<Contestant> fewShots = all.fewShot();
        List<List<RunFigures>> runs = lists(contestants.size());
        List<List<RunFigures>> fewShotRuns = lists(fewShots.size());
        for (int i = 1; i <= options.integer("repetitions", 3); i++) {
            for (int c = 0; c < contestants.size(); c++) {
                runs.get(c).add(run(contestants.get(c), varied, i));
            }
            for (int c = 0; c < fewShots.size(); c++) {
                fewShotRuns.get(c).add(run(fewShots.get(c), fewShot, i));
            }
        }
        return new GenerateResult(
                Instant.now().toString(),
                Machine.here(),
                String.valueOf(source.getFileName()),
                seed,
                engines(contestants, varied, runs),
                engines(fewShots, fewShot, fewShotRuns),
                all.grids(),
                agreement(contestants));
    }

    private void prepare(Path source, int seed) throws IOException, InterruptedException {
        List<String> command = with(programs.textloom(PrepareGpt.class), "--folder", folder, "--texts", source);
        command = with(command, "--seed", seed, "--varied", varied, "--few-shot", fewShot);
        for (String name : List.of(
                "hidden",
                "layers",
                "prompts",
                "max-prompt",
                "max-new",
                "few-shot-prompts",
                "few-shot-tokens",
                "few-shot-new")) {
            if (options.has(name)) {
                command = with(command, "--" + name, options.text(name));
            }
        }
        programs.run("prepare", command);
    }

    private RunFigures run(Contestant contestant, Path prompts, int repetition)
            throws IOException, InterruptedException {
        List<String> command = with(contestant.command(), "--name", contestant.name(), INPUT, prompts);
        command = with(command, OUTPUT, output(contestant), "--scratch", work.resolve("scratch"));
        command = with(command, "--warm", repetition == 1 || contestant.alwaysWarm());
        if (contestant.limit() > 0) {
            command = with(command, "--limit", contestant.limit());
        }
        RunFigures figures = programs.figures(contestant.label() + "-" + repetition, RunFigures.class, command);
        check(figures, BenchPrompt.first(prompts, contestant.limit()));
        return figures;
    }

    /** @throws IllegalStateException if a pass made more or fewer tokens than its rows ask for */
    private static void check(RunFigures figures, List<BenchPrompt> prompts) {
        long wanted = prompts.stream().mapToLong(BenchPrompt::newTokens).sum();
        for (Pass pass : figures.passes()) {
            double made = pass.details().getOrDefault("completionTokens", 0.0);
            if (made != wanted) {
                throw new IllegalStateException(
                        "%s made %.0f completion tokens; expected %d".formatted(figures.engine(), made, wanted));
            }
        }
    }

    private static List<GenerateEngine> engines(List<Contestant> contestants, Path file, List<List<RunFigures>> runs)
            throws IOException {
        List<GenerateEngine> engines = new ArrayList<>();
        for (int c = 0; c < contestants.size(); c++) {
            Contestant contestant = contestants.get(c);
            List<BenchPrompt> prompts = BenchPrompt.first(file, contestant.limit());
            engines.add(new GenerateEngine(
                    contestant.name(),
                    prompts.size(),
                    prompts.stream().mapToLong(BenchPrompt::tokens).sum(),
                    prompts.stream().mapToLong(BenchPrompt::newTokens).sum(),
                    runs.get(c)));
        }
        return engines;
    }

    private SortedMap<String, Double> agreement(List<Contestant> contestants) throws IOException, InterruptedException {
        List<String> command = programs.textloom(CompareCompletions.class);
        for (Contestant contestant : contestants) {
            command = contestant.name().equals(TEXTLOOM)
                    ? with(command, "--textloom", output(contestant))
                    : with(command, "--peer", contestant.name() + "=" + output(contestant));
        }
        SortedMap<String, Double> shares = new TreeMap<>();
        programs.figures("agreement", Map.class, command)
                .forEach((name, share) -> shares.put(String.valueOf(name), ((Number) share).doubleValue()));
        return shares;
    }

    private Path output(Contestant contestant) {
        return work.resolve("out-" + contestant.label());
    }

    private static List<List<RunFigures>> lists(int count) {
        List<List<RunFigures>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }
}
