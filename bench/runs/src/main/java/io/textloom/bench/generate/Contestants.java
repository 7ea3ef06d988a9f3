package io.textloom.bench.generate;

import static io.textloom.bench.side.Programs.with;

import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.side.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The engines of a run, those that have a setting to look for with the best of a grid. */
final class Contestants {
    private static final String SCRIPT = "transformers-script";

    /** Precisions by the name of the engine. */
    private static final List<Map.Entry<String, String>> PRECISIONS =
            List.of(Map.entry(GenerateSideBySide.TEXTLOOM, "float32"), Map.entry(GenerateSideBySide.INT8, "int8"));

    private final Options options;
    private final Programs programs;
    private final Path folder;
    private final Path prompts;
    private final SortedMap<String, SortedMap<String, Double>> grids = new TreeMap<>();

    /**
     * @param folder of the model, the peers' forms of it beside
     * @param prompts that the grids are over
     */
    Contestants(Options options, Programs programs, Path folder, Path prompts) {
        this.options = options;
        this.programs = programs;
        this.folder = folder;
        this.prompts = prompts;
    }

    /** Completion tokens per second by setting of each engine that was tuned. */
    SortedMap<String, SortedMap<String, Double>> grids() {
        return grids;
    }

    /** Those of the varied prompts, in the order of the report; tunes the peers that are to be tuned. */
    List<Contestant> varied() throws IOException, InterruptedException {
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

    /** Textloom with and without its prefix cache. */
    List<Contestant> fewShot() {
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
        return new Contestant(name, label(name), 0, true, command);
    }

    private Contestant llama() throws IOException, InterruptedException {
        List<String> command = with(programs.llama("LlamaRun"), "--threads", LocalSpark.CORES);
        command = with(command, "--model", folder.resolveSibling("q8_0.gguf"));
        String slots = options.has("llama-slots")
                ? options.text("llama-slots")
                : best(
                        GenerateSideBySide.LLAMA,
                        with(
                                command,
                                "--grid",
                                options.text("llama-grid", "1,2,8,32"),
                                "--limit",
                                options.text("llama-grid-prompts", "64")));
        command = with(command, "--slots", slots);
        return new Contestant(
                GenerateSideBySide.LLAMA,
                label(GenerateSideBySide.LLAMA),
                options.integer("llama-prompts", 256),
                false,
                command);
    }

    private Contestant sparkNlp() throws IOException, InterruptedException {
        Path exported = folder.resolveSibling("spark-nlp");
        Path saved = folder.resolveSibling("spark-nlp-model");
        if (!Files.exists(saved)) {
            programs.run(
                    "export",
                    with(programs.python(SCRIPT), "--model", folder, "--onnx", exported.resolve("model.onnx")));
            programs.run("save", with(programs.sparkNlp("SparkNlpGptModel"), "--folder", exported, "--model", saved));
        }
        List<String> command = with(programs.sparkNlp("SparkNlpGptRun"), "--model", saved);
        return new Contestant(
                GenerateSideBySide.SPARK_NLP,
                label(GenerateSideBySide.SPARK_NLP),
                options.integer("spark-nlp-prompts", 12),
                false,
                command);
    }

    private Contestant transformers() throws IOException, InterruptedException {
        List<String> command = with(programs.python(SCRIPT), "--model", folder, "--threads", LocalSpark.CORES);
        String cell = options.has("transformers-batch")
                ? options.text("transformers-batch")
                : best(
                        GenerateSideBySide.TRANSFORMERS,
                        with(
                                command,
                                "--grid",
                                options.text("transformers-grid", grid()),
                                "--limit",
                                options.text("transformers-grid-prompts", "256")));
        String[] batch = cell.split(":");
        return new Contestant(
                GenerateSideBySide.TRANSFORMERS,
                label(GenerateSideBySide.TRANSFORMERS),
                0,
                false,
                with(command, "--batch", batch[0], "--order", batch[1]));
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
        for (Pass pass : programs.figures("grid-" + label(engine), RunFigures.class, with(grid, "--input", prompts))
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

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
