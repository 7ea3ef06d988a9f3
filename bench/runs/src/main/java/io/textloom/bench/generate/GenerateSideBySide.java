package io.textloom.bench.generate;

import static io.textloom.bench.side.Programs.with;

import io.textloom.bench.BenchPrompt;
import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
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
import java.util.Locale;
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

    /** Precisions by the name of the engine. */
    private static final List<Map.Entry<String, String>> PRECISIONS =
            List.of(Map.entry(TEXTLOOM, "float32"), Map.entry(INT8, "int8"));

    private static final String INPUT = "--input";
    private static final String OUTPUT = "--output";
    private static final String SCRIPT = "transformers-script";

    private final Options options;
    private final Programs programs;
    private final Path work;
    private final Path folder;
    private final Path varied;
    private final Path fewShot;
    private final SortedMap<String, SortedMap<String, Double>> grids = new TreeMap<>();

    private GenerateSideBySide(Options options) {
        this.options = options;
        this.programs = new Programs("bench-generate", options);
        this.work = options.path("work");
        this.folder = work.resolve("model");
        this.varied = work.resolve("varied.jsonl");
        this.fewShot = work.resolve("few-shot.jsonl");
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
        List<Contestant> contestants = contestants();
        List<Contestant> fewShots = fewShots();
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
                grids,
                agreement(contestants));
    }

    private void prepare(Path source, int seed) throws IOException, InterruptedException {
        List<String> command = with(programs.textloom(PrepareGpt.class), "--folder", folder, "--texts", source);
        command = with(command, "--seed", seed, "--varied", varied, "--few-shot", fewShot);
        for (String name : List.of(
                "hidden", "layers", "prompts", "max-prompt", "max-new", "few-shot-prompts", "few-shot-tokens")) {
            if (options.has(name)) {
                command = with(command, "--" + name, options.text(name));
            }
        }
        programs.run("prepare", command);
    }

    private List<Contestant> contestants() throws IOException, InterruptedException {
        List<Contestant> contestants = new ArrayList<>();
        if (wanted("llama")) {
            contestants.add(llama());
        }
        if (wanted("spark-nlp")) {
            contestants.add(sparkNlp());
        }
        if (wanted("transformers")) {
            contestants.add(transformers());
        }
        for (Map.Entry<String, String> precision : PRECISIONS) {
            contestants.add(textloom(precision.getKey(), precision.getValue(), ""));
        }
        return contestants;
    }

    private List<Contestant> fewShots() {
        List<Contestant> contestants = new ArrayList<>();
        if (options.integer("few-shot-prompts", 1) > 0) {
            for (Map.Entry<String, String> precision : PRECISIONS) {
                for (String cache : List.of("true", "false")) {
                    contestants.add(textloom(
                            precision.getKey() + (cache.equals("true") ? ", prefix cache" : ", no prefix cache"),
                            precision.getValue(),
                            "generate.prefixCache=" + cache));
                }
            }
        }
        return contestants;
    }

    private Contestant textloom(String name, String precision, String more) {
        String set = String.join(";", "generate.precision=" + precision, options.text("set", ""), more);
        List<String> command = with(programs.textloom(TextloomGenerate.class), "--model", folder, "--set", set);
        if (options.has("limit-column")) {
            command = with(command, "--limit-column", options.text("limit-column"));
        }
        return new Contestant(name, label(name), 0, true, command);
    }

    private Contestant llama() throws IOException, InterruptedException {
        List<String> command = with(programs.llama("LlamaRun"), "--threads", LocalSpark.CORES);
        command = with(command, "--model", work.resolve("q8_0.gguf"));
        String slots = options.has("llama-slots")
                ? options.text("llama-slots")
                : best(
                        LLAMA,
                        with(
                                command,
                                "--grid",
                                options.text("llama-grid", "1,4,8,32"),
                                "--limit",
                                options.text("llama-grid-prompts", "64")));
        command = with(command, "--slots", slots);
        return new Contestant(LLAMA, label(LLAMA), options.integer("llama-prompts", 256), false, command);
    }

    private Contestant sparkNlp() throws IOException, InterruptedException {
        Path exported = work.resolve("spark-nlp");
        Path saved = work.resolve("spark-nlp-model");
        if (!Files.exists(saved)) {
            programs.run(
                    "export",
                    with(programs.python(SCRIPT), "--model", folder, "--onnx", exported.resolve("model.onnx")));
            programs.run("save", with(programs.sparkNlp("SparkNlpGptModel"), "--folder", exported, "--model", saved));
        }
        List<String> command = with(programs.sparkNlp("SparkNlpGptRun"), "--model", saved);
        return new Contestant(SPARK_NLP, label(SPARK_NLP), options.integer("spark-nlp-prompts", 24), false, command);
    }

    private Contestant transformers() throws IOException, InterruptedException {
        List<String> command = with(programs.python(SCRIPT), "--model", folder, "--threads", LocalSpark.CORES);
        String cell = options.has("transformers-batch")
                ? options.text("transformers-batch")
                : best(
                        TRANSFORMERS,
                        with(
                                command,
                                "--grid",
                                options.text("transformers-grid", grid()),
                                "--limit",
                                options.text("transformers-grid-prompts", "256")));
        String[] batch = cell.split(":");
        return new Contestant(
                TRANSFORMERS, label(TRANSFORMERS), 0, false, with(command, "--batch", batch[0], "--order", batch[1]));
    }

    /** Every batch size with every order. */
    private static String grid() {
        List<String> cells = new ArrayList<>();
        for (String order : List.of("input", "prompt", "new")) {
            for (int batch : new int[] {8, 16, 32, 64}) {
                cells.add(batch + ":" + order);
            }
        }
        return String.join(",", cells);
    }

    /** The setting with the most completion tokens per second. */
    private String best(String engine, List<String> grid) throws IOException, InterruptedException {
        SortedMap<String, Double> rates = new TreeMap<>();
        for (Pass pass : figures("grid-" + label(engine), RunFigures.class, with(grid, INPUT, varied))
                .passes()) {
            rates.put(pass.name(), pass.details().getOrDefault("completionTokens", 0.0) / pass.wallSeconds());
        }
        grids.put(engine, rates);
        return rates.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("The grid of " + engine + " made no pass"));
    }

    private boolean wanted(String engine) {
        return !options.text(engine, "true").equals("false");
    }

    private RunFigures run(Contestant contestant, Path prompts, int repetition)
            throws IOException, InterruptedException {
        List<String> command = with(contestant.command(), "--name", contestant.name(), INPUT, prompts);
        command = with(command, OUTPUT, output(contestant), "--scratch", work.resolve("scratch"));
        command = with(command, "--warm", repetition == 1 || contestant.alwaysWarm());
        if (contestant.limit() > 0) {
            command = with(command, "--limit", contestant.limit());
        }
        RunFigures figures = figures(contestant.label() + "-" + repetition, RunFigures.class, command);
        if (!options.has("limit-column")) {
            check(figures, BenchPrompt.first(prompts, contestant.limit()));
        }
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
        figures("agreement", Map.class, command)
                .forEach((name, share) -> shares.put(String.valueOf(name), ((Number) share).doubleValue()));
        return shares;
    }

    private Path output(Contestant contestant) {
        return work.resolve("out-" + contestant.label());
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private static List<List<RunFigures>> lists(int count) {
        List<List<RunFigures>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    /** What a program writes to the file that {@code --figures} names. */
    private <T> T figures(String label, Class<T> type, List<String> command) throws IOException, InterruptedException {
        Path file = work.resolve(label + ".json");
        programs.run(label, with(command, "--figures", file));
        return Json.read(file, type);
    }
}
