package io.textloom.bench.embed;

import static io.textloom.bench.side.Programs.with;

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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The side-by-side embedding run: starts every engine in a process of its own, one after another and over again, then writes the report. Options as
 * {@code scripts/bench-embed} lists them.
 */
final class SideBySide {
    static final String TEXTLOOM = "Textloom";
    static final String DEFAULTS = "Spark NLP, defaults";
    static final String TUNED = "Spark NLP, tuned";

    private static final String MAX_TOKENS = "--max-tokens";
    private static final int WINDOW = TextRecipe.MAX_TOKENS;
    private static final int DEFAULT_BATCH = 8;

    /** Of a grid; the fastest of each batch size counts. */
    private static final int GRID_ROUNDS = 2;

    private final Options options;
    private final Programs programs;
    private final Path work;
    private final Path texts;
    private final Path firstTexts;
    private final Path folder;
    private final Path sparkNlpModel;
    private final SortedMap<String, SortedMap<Integer, Double>> grids = new TreeMap<>();

    private SideBySide(Options options) {
        this.options = options;
        this.programs = new Programs("bench-embed", options);
        this.work = options.path("work");
        this.texts = work.resolve("texts.jsonl");
        this.firstTexts = work.resolve("first-texts.jsonl");
        this.folder = work.resolve("model");
        this.sparkNlpModel = work.resolve("spark-nlp-model");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        SideBySide run = new SideBySide(Options.parse(arguments));
        Files.createDirectories(run.work);
        SideBySideResult result = run.run();
        Path results = run.options.path("results");
        Files.createDirectories(results);
        String date = DateTimeFormatter.ofPattern("yyyyMMdd-HHmm")
                .withZone(ZoneOffset.UTC)
                .format(Instant.parse(result.date()));
        Path file = results.resolve("embed-" + date + ".json");
        Json.write(file, result);
        System.out.println(Report.of(result));
        System.err.println("bench-embed: all figures are in " + file);
    }

    private SideBySideResult run() throws IOException, InterruptedException {
        List<Variant> variants = Variant.of(options);
        Path source = options.path("texts");
        int seed = options.integer("seed", 7);
        Prepared prepared = prepare(source, seed);
        List<Contender> contenders = contenders(variants);
        List<GemmRate.Figures> gemm = new ArrayList<>();
        List<BareLoop.Figures> bareLoop = new ArrayList<>();
        List<List<RunFigures>> runs = new ArrayList<>();
        contenders.forEach(contender -> runs.add(new ArrayList<>()));
        for (int i = 1; i <= options.integer("repetitions", 3); i++) {
            gemm.add(programs.figures("gemm-" + i, GemmRate.Figures.class, programs.textloom(GemmRate.class)));
            bareLoop.add(programs.figures(
                    "bare-loop-" + i,
                    BareLoop.Figures.class,
                    with(
                            programs.textloom(BareLoop.class),
                            "--folder",
                            folder,
                            "--input",
                            texts,
                            "--set",
                            settings())));
            for (int c = 0; c < contenders.size(); c++) {
                runs.get(c).add(run(contenders.get(c), i));
            }
        }
        List<Engine> engines = new ArrayList<>();
        for (int c = 0; c < contenders.size(); c++) {
            Contender contender = contenders.get(c);
            Work given = contender.everyText() ? prepared.whole() : prepared.defaults();
            engines.add(new Engine(contender.name(), given, runs.get(c)));
        }
        return new SideBySideResult(
                Instant.now().toString(),
                Machine.here(),
                String.valueOf(source.getFileName()),
                seed,
                prepared,
                gemm,
                bareLoop,
                engines,
                grids,
                compare(contenders));
    }

    private Prepared prepare(Path source, int seed) throws IOException, InterruptedException {
        String count = options.text("count", "2000");
        String first = options.text("defaults-count", count);
        Path exported = work.resolve("minilm");
        List<String> command =
                with(programs.textloom(Prepare.class), "--texts", source, "--count", count, "--seed", seed);
        command = with(command, "--output", texts, "--defaults-count", first, "--defaults-output", firstTexts);
        Prepared prepared = programs.figures(
                "prepare", Prepared.class, with(command, "--folder", folder, "--spark-nlp-folder", exported));
        programs.run("save", with(programs.sparkNlp("SparkNlpModel"), "--folder", exported, "--model", sparkNlpModel));
        return prepared;
    }

    private List<Contender> contenders(List<Variant> variants) throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        List<String> sparkNlp = with(programs.sparkNlp("SparkNlpRun"), "--model", sparkNlpModel);
        if (!options.text("defaults", "true").equals("false")) {
            contenders.add(
                    new Contender(DEFAULTS, "defaults", true, false, DEFAULT_BATCH, Prepared.SHORT_WINDOW, sparkNlp));
        }
        int batch = batch(
                TUNED,
                "batch",
                with(
                        programs.sparkNlp("SparkNlpGrid"),
                        "--model",
                        sparkNlpModel,
                        "--batches",
                        "1,2,4,8,16",
                        MAX_TOKENS,
                        WINDOW));
        List<String> tuned = with(sparkNlp, "--batch", batch, "--threads", 1, "--sorted", true, MAX_TOKENS, WINDOW);
        contenders.add(Contender.of(TUNED, "tuned", batch, tuned));
        if (programs.hasPython()) {
            contenders.add(sentenceTransformers("float32"));
            contenders.add(sentenceTransformers("bfloat16"));
        }
        contenders.add(textloom(TEXTLOOM, "textloom", settings()));
        for (Variant variant : variants) {
            contenders.add(
                    textloom(TEXTLOOM + " " + variant.name(), "textloom-" + variant.name(), variant.on(settings())));
        }
        return contenders;
    }

    private Contender sentenceTransformers(String type) throws IOException, InterruptedException {
        String name = "sentence-transformers, " + type;
        List<String> program =
                with(programs.python("sentence-transformers-script"), "--model", folder, "--dtype", type);
        program = with(program, "--threads", LocalSpark.CORES, MAX_TOKENS, WINDOW);
        int batch = batch(name, "sentence-transformers-batch", with(program, "--batches", "8,16,32,64,128"));
        return Contender.of(name, "sentence-transformers-" + type, 0, with(program, "--batch", batch));
    }

    private Contender textloom(String name, String label, String settings) {
        return Contender.of(name, label, 0, with(programs.textloom(TextloomRun.class), "--set", settings));
    }

    /** The batch size that the option gives, else the fastest of a grid. */
    private int batch(String engine, String option, List<String> grid) throws IOException, InterruptedException {
        if (options.has(option)) {
            return options.integer(option, 0);
        }
        List<String> command = with(grid, "--input", texts, "--limit", options.text("grid-texts", "500"));
        command = with(command, "--rounds", GRID_ROUNDS, "--scratch", work);
        SortedMap<Integer, Double> seconds = new TreeMap<>();
        for (Pass pass : programs.figures("grid-" + grids.size(), RunFigures.class, command)
                .passes()) {
            int batch = pass.details().getOrDefault("batchSize", 0.0).intValue();
            seconds.merge(batch, pass.wallSeconds(), Math::min);
        }
        grids.put(engine, seconds);
        return seconds.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("The grid of " + engine + " made no pass"));
    }

    /** The slow engine gets one warm pass, the others one in each repetition. */
    private RunFigures run(Contender contender, int repetition) throws IOException, InterruptedException {
        boolean warm = options.text("warm", "true").equals("true") && (repetition == 1 || !contender.slow());
        List<String> command = with(contender.command(), "--name", contender.name(), "--input", input(contender));
        return programs.figures(
                contender.label() + "-" + repetition,
                RunFigures.class,
                with(command, "--output", output(contender), "--warm", warm, "--scratch", work));
    }

    private List<Agreement> compare(List<Contender> contenders) throws IOException, InterruptedException {
        List<String> command = with(programs.textloom(Compare.class), "--input", texts);
        for (Contender contender : contenders) {
            if (contender.name().equals(TEXTLOOM)) {
                command = with(command, "--textloom", output(contender));
            } else {
                command = with(command, "--peer", Compare.peer(contender, input(contender), output(contender)));
            }
        }
        return Arrays.asList(programs.figures("agreement", Agreement[].class, command));
    }

    private String settings() {
        return options.text("set", "");
    }

    private Path input(Contender contender) {
        return contender.everyText() ? texts : firstTexts;
    }

    private Path output(Contender contender) {
        return work.resolve("out-" + contender.label());
    }
}
