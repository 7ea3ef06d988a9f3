package io.textloom.bench.embed;

import io.textloom.bench.Json;
import io.textloom.bench.Options;
import io.textloom.bench.RunFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The side-by-side embedding run: starts every engine in a JVM of its own, one after another and over again, then writes the report. Options as
 * {@code scripts/bench-embed} lists them.
 */
final class SideBySide {
    static final String TEXTLOOM = "Textloom";
    static final String DEFAULTS = "Spark NLP, defaults";
    static final String TUNED = "Spark NLP, tuned";

    /** Between the fields of a peer on the command line of {@link Compare}. */
    static final String FIELD = "|";

    private static final int DEFAULT_BATCH = 8;

    private final Options options;
    private final Path work;
    private final Path texts;
    private final String repetitions;

    private SideBySide(Options options) {
        this.options = options;
        this.work = options.path("work");
        this.texts = work.resolve("texts.jsonl");
        this.repetitions = options.text("repetitions", "3");
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
        Path source = options.path("texts");
        int seed = options.integer("seed", 7);
        Path prepared = figures("prepared");
        textloom(
                "prepare",
                Prepare.class.getName(),
                List.of("--texts", source.toString(), "--count", options.text("count", "2000")),
                List.of("--seed", String.valueOf(seed), "--output", texts.toString()),
                List.of("--spark-nlp-folder", work.resolve("minilm").toString()),
                List.of("--figures", prepared.toString()));
        sparkNlp(
                "save",
                "SparkNlpModel",
                List.of("--folder", work.resolve("minilm").toString()),
                List.of("--model", work.resolve("spark-nlp-model").toString()));
        boolean withDefaults = !options.text("defaults", "true").equals("false");
        String maxTokens = String.valueOf(TextRecipe.MAX_TOKENS);
        SortedMap<Integer, Double> grid = grid(maxTokens);
        int batch = grid.entrySet().stream()
                .min(java.util.Map.Entry.comparingByValue())
                .map(java.util.Map.Entry::getKey)
                .orElseGet(() -> options.integer("batch", 1));

        List<GemmRate.Figures> gemm = new ArrayList<>();
        List<RunFigures> defaults = new ArrayList<>();
        List<RunFigures> tuned = new ArrayList<>();
        List<RunFigures> ours = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(repetitions); i++) {
            Path limits = figures("gemm-" + i);
            textloom("gemm-" + i, GemmRate.class.getName(), List.of("--figures", limits.toString()));
            gemm.add(Json.read(limits, GemmRate.Figures.class));
            if (withDefaults) {
                defaults.add(sparkNlpRun(DEFAULTS, "defaults", i, List.of()));
            }
            tuned.add(sparkNlpRun(
                    TUNED,
                    "tuned",
                    i,
                    List.of("--batch", "" + batch, "--threads", "1", "--sorted", "true", "--max-tokens", maxTokens)));
            ours.add(textloomRun(i));
        }
        List<SideBySideResult.Engine> engines = new ArrayList<>();
        List<String> peers = new ArrayList<>();
        if (withDefaults) {
            engines.add(new SideBySideResult.Engine(DEFAULTS, defaults));
            peers.add(peer(DEFAULTS, "defaults", DEFAULT_BATCH, Prepared.SHORT_WINDOW));
        }
        engines.add(new SideBySideResult.Engine(TUNED, tuned));
        peers.add(peer(TUNED, "tuned", batch, TextRecipe.MAX_TOKENS));
        engines.add(new SideBySideResult.Engine(TEXTLOOM, ours));
        Path agreement = figures("agreement");
        textloom(
                "compare",
                Compare.class.getName(),
                List.of("--input", texts.toString(), "--textloom", output("textloom")),
                List.of("--peers", String.join(";", peers)),
                List.of("--figures", agreement.toString()));
        return new SideBySideResult(
                Instant.now().toString(),
                Machine.here(),
                String.valueOf(source.getFileName()),
                seed,
                Json.read(prepared, Prepared.class),
                gemm,
                engines,
                grid,
                Arrays.asList(Json.read(agreement, Agreement[].class)));
    }

    private String peer(String name, String output, int batchSize, int window) {
        return String.join(FIELD, name, output(output), "" + batchSize, "" + window);
    }

    private SortedMap<Integer, Double> grid(String maxTokens) throws IOException, InterruptedException {
        SortedMap<Integer, Double> seconds = new TreeMap<>();
        if (options.text("batch", "").isEmpty()) {
            Path figures = figures("grid");
            sparkNlp(
                    "grid",
                    "SparkNlpGrid",
                    List.of("--input", texts.toString(), "--limit", options.text("grid-texts", "500")),
                    List.of("--batches", "1,2,4,8,16", "--max-tokens", maxTokens),
                    List.of("--model", work.resolve("spark-nlp-model").toString()),
                    List.of("--scratch", work.toString(), "--figures", figures.toString()));
            Json.read(figures, RunFigures.class)
                    .passes()
                    .forEach(p -> seconds.put(
                            p.details().getOrDefault("batchSize", 0.0).intValue(), p.wallSeconds()));
        }
        return seconds;
    }

    private RunFigures sparkNlpRun(String name, String output, int repetition, List<String> tuning)
            throws IOException, InterruptedException {
        Path figures = figures(output + "-" + repetition);
        sparkNlp(
                output + "-" + repetition,
                "SparkNlpRun",
                List.of("--name", name, "--input", texts.toString(), "--output", output(output)),
                List.of("--model", work.resolve("spark-nlp-model").toString(), "--warm", warm(output, repetition)),
                List.of("--scratch", work.toString(), "--figures", figures.toString()),
                tuning);
        return Json.read(figures, RunFigures.class);
    }

    private RunFigures textloomRun(int repetition) throws IOException, InterruptedException {
        Path figures = figures("textloom-" + repetition);
        textloom(
                "textloom-" + repetition,
                TextloomRun.class.getName(),
                List.of("--name", TEXTLOOM, "--input", texts.toString(), "--output", output("textloom")),
                List.of("--warm", warm("textloom", repetition), "--set", options.text("set", "")),
                List.of("--scratch", work.toString(), "--figures", figures.toString()));
        return Json.read(figures, RunFigures.class);
    }

    /** The slow engine gets one warm pass, the others one in each repetition. */
    private String warm(String output, int repetition) {
        return String.valueOf(
                options.text("warm", "true").equals("true") && (repetition == 1 || !output.equals("defaults")));
    }

    private Path figures(String name) {
        return work.resolve(name + ".json");
    }

    private String output(String name) {
        return work.resolve("out-" + name).toString();
    }

    @SafeVarargs
    private void textloom(String label, String program, List<String>... arguments)
            throws IOException, InterruptedException {
        start(label, options.text("textloom-args"), program, arguments);
    }

    @SafeVarargs
    private void sparkNlp(String label, String program, List<String>... arguments)
            throws IOException, InterruptedException {
        start(label, options.text("spark-nlp-args"), "io.textloom.bench.sparknlp." + program, arguments);
    }

    @SafeVarargs
    private void start(String label, String argumentFile, String program, List<String>... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java(), "@" + argumentFile, program));
        for (List<String> part : arguments) {
            command.addAll(part);
        }
        Path log = work.resolve(label + ".log");
        System.err.println("bench-embed: " + label);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(label + " ended with " + code + "; its log is " + log);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
