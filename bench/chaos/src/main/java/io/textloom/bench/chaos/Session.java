package io.textloom.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What all scenarios share: the program under test, a Spark to compare with, and names that are not used twice. */
final class Session {
    static final Duration PATIENCE = Duration.ofMinutes(60);

    final Options options;
    final Textloom textloom;
    final Comparison comparison;
    final long seed;
    final int runs;
    private int names;

    Session(Options options, Textloom textloom, Comparison comparison) {
        this.options = options;
        this.textloom = textloom;
        this.comparison = comparison;
        seed = options.integer("seed", 1);
        runs = options.integer("runs", 3);
    }

    String name(String what) {
        return "%03d-%s".formatted(names++, what);
    }

    /** How a process ended. */
    record Ended(int exit, String out, String err) {
        /** What the user is told, without the lines of progress. */
        String message() {
            List<String> lines = err.lines()
                    .filter(line -> !line.matches("(?s).*(: [0-9,]+ (of [0-9,]+ )?rows.*| …)"))
                    .toList();
            return String.join(" / ", lines.subList(0, Math.min(4, lines.size())));
        }

        JsonNode report() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    static Ended await(Child child) throws IOException, InterruptedException {
        int exit = child.await(PATIENCE);
        return new Ended(exit, child.out(), child.err());
    }

    /** Runs to its end on the local disk. */
    Ended run(String what, List<String> javaOptions, List<String> jars, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--master", "local[2]"));
        return await(textloom.launch(name(what), List.of(), javaOptions, jars, all));
    }

    /** Runs to its end and must be done. */
    Ended done(String what, List<String> arguments) throws IOException, InterruptedException {
        Ended ended = run(what, List.of(), List.of(), arguments);
        if (ended.exit() != 0) {
            throw new IllegalStateException(what + " ended with " + ended.exit() + ": " + ended.message());
        }
        return ended;
    }

    /** An uninterrupted run's output, made once for the same arguments. */
    String reference(String name, List<String> arguments) throws IOException, InterruptedException {
        Path output = textloom.work().resolve("reference-" + name);
        if (!Files.exists(output.resolve("_textloom/manifest.json"))) {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of("--output", output.toString()));
            done("reference-" + name, all);
        }
        return output.toString();
    }

    /** Empty if {@code verify --read-input} finds nothing, else what it said. */
    String verify(Engine engine, Store store, String output) throws IOException, InterruptedException {
        Child child =
                engine.start(name("verify"), store.settings(), store.jars(), List.of("verify", "--read-input", output));
        Ended ended = await(child);
        return ended.exit() == 0 ? "" : "verify ended with " + ended.exit() + ": " + ended.out() + ended.message();
    }
}
