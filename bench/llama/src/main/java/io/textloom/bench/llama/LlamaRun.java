package io.textloom.bench.llama;

import io.textloom.bench.BenchPrompt;
import io.textloom.bench.Json;
import io.textloom.bench.JsonLines;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import io.textloom.bench.StageClock;
import io.textloom.bench.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** One JVM of llama.cpp over the prompts: a cold pass that loads the model, and a warm one if asked. With {@code --grid 1,8,32} a pass for each number of slots. */
public final class LlamaRun {
    private final Options options;
    private final Path input;
    private final StageClock clock = new StageClock();

    /** One line of the output. */
    private record Completion(String id, String completion) {}

    private LlamaRun(Options options) {
        this.options = options;
        this.input = options.path("input");
    }

    public static void main(String[] arguments) throws IOException {
        LlamaRun run = new LlamaRun(Options.parse(arguments));
        List<Pass> passes = run.options.has("grid") ? run.grid() : run.passes();
        SortedMap<String, String> settings = new TreeMap<>(Map.of(
                "threads", String.valueOf(run.threads()),
                "slots", run.options.text("grid", String.valueOf(run.slots())),
                "flashAttention", String.valueOf(run.options.flag("flash")),
                "file", String.valueOf(run.options.path("model").getFileName())));
        RunFigures figures = new RunFigures(
                run.options.text("name", "llama.cpp"), settings, versions(), passes, Usage.peakResidentBytes());
        if (run.options.has("figures")) {
            Json.write(run.options.path("figures"), figures);
        } else {
            System.out.println(Json.MAPPER.writeValueAsString(figures));
        }
        System.out.flush();
        // threads of the closed server would keep the JVM alive
        Runtime.getRuntime().halt(0);
    }

    private List<Pass> passes() throws IOException {
        Path output = options.path("output");
        Files.createDirectories(output);
        LlamaServer[] server = new LlamaServer[1];
        List<Pass> passes = new ArrayList<>();
        passes.add(Pass.time(Pass.COLD, clock, () -> {
            Usage start = Usage.now();
            server[0] = new LlamaServer(tuning(slots()));
            double load = Usage.now().wallSince(start);
            SortedMap<String, Double> details = complete(server[0], output.resolve("part-0.jsonl"));
            details.put("modelLoadSeconds", load);
            return details;
        }));
        if (options.flag("warm")) {
            passes.add(Pass.time(Pass.WARM, clock, () -> complete(server[0], output.resolve("part-0.jsonl"))));
        }
        for (BenchPrompt prompt : prompts()) {
            server[0].check(prompt);
        }
        server[0].close();
        return passes;
    }

    private List<Pass> grid() throws IOException {
        List<Pass> passes = new ArrayList<>();
        Path discarded = Files.createTempFile("completions", ".jsonl");
        for (String slots : options.text("grid").split(",")) {
            try (LlamaServer server = new LlamaServer(tuning(Integer.parseInt(slots)))) {
                server.complete(prompts().subList(0, 1));
                passes.add(Pass.time(slots, clock, () -> complete(server, discarded)));
            }
            Pass pass = passes.get(passes.size() - 1);
            System.err.printf("slots %s: %.1f s, CPU %.1f s%n", slots, pass.wallSeconds(), pass.cpuSeconds());
        }
        Files.delete(discarded);
        return passes;
    }

    private SortedMap<String, Double> complete(LlamaServer server, Path output) {
        try {
            List<BenchPrompt> prompts = prompts();
            List<Completion> completions = new ArrayList<>();
            server.complete(prompts).forEach((id, text) -> completions.add(new Completion(id, text)));
            JsonLines.write(output, completions);
            return new TreeMap<>(Map.of(
                    "promptTokens",
                    (double) prompts.stream().mapToInt(BenchPrompt::tokens).sum(),
                    "completionTokens",
                    (double) prompts.stream().mapToInt(BenchPrompt::newTokens).sum()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<BenchPrompt> prompts() throws IOException {
        return BenchPrompt.first(input, options.integer("limit", 0));
    }

    private LlamaServer.Tuning tuning(int slots) {
        return new LlamaServer.Tuning(options.path("model"), threads(), slots, options.flag("flash"));
    }

    private int threads() {
        return options.integer("threads", 2);
    }

    private int slots() {
        return options.integer("slots", 1);
    }

    private static SortedMap<String, String> versions() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = LlamaRun.class.getResourceAsStream("versions.properties")) {
            properties.load(in);
        }
        SortedMap<String, String> versions = new TreeMap<>();
        versions.put("java", Runtime.version().toString());
        versions.put("de.kherud:llama", properties.getProperty("llama"));
        return versions;
    }
}
