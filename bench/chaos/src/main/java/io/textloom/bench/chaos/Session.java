package io.textloom.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all scenarios share: the program under test, a Spark to compare with, and names that are not used twice. */
final class Session implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(60);

    final Options options;
    final Textloom textloom;
    final Comparison comparison;
    final long seed;
    final int runs;
    private final Store store;
    private int names;
    private @Nullable Child server;

    Session(Options options, Textloom textloom, Store store, Comparison comparison) {
        this.options = options;
        this.textloom = textloom;
        this.store = store;
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

    /** Runs to its end in the process that stays. @param properties Java system properties as {@code key=value} */
    Ended run(String what, List<String> properties, List<String> arguments) throws IOException, InterruptedException {
        Child running = server;
        if (running == null || !running.alive()) {
            running = textloom.server(store.jars());
            server = running;
        }
        ObjectNode request = new ObjectMapper().createObjectNode();
        ObjectNode set = request.putObject("properties");
        for (String property : properties) {
            int equals = property.indexOf('=');
            set.put(property.substring(0, equals), property.substring(equals + 1));
        }
        ArrayNode all = request.putArray("arguments");
        arguments.forEach(all::add);
        all.add("--master").add("local[2]");
        Path answer = textloom.logs().resolve(name(what) + ".json");
        request.put("answer", answer.toString());
        running.tell(request.toString());
        if (!Wait.until(() -> Files.exists(answer), running::alive, PATIENCE, 20)) {
            throw new IllegalStateException("No answer to " + request + "; " + running.lastWords());
        }
        JsonNode told = new ObjectMapper().readTree(answer.toFile());
        return new Ended(
                told.path("exit").asInt(),
                told.path("out").asText(),
                told.path("err").asText());
    }

    @Override
    public void close() {
        Child running = server;
        if (running != null) {
            running.close();
        }
    }

    /** Runs to its end and must be done. */
    Ended done(String what, List<String> arguments) throws IOException, InterruptedException {
        Ended ended = run(what, List.of(), arguments);
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

    /** As {@link #run}, with the settings of the store. */
    Ended runInStore(String what, List<String> arguments) throws IOException, InterruptedException {
        List<String> properties = store.settings().stream()
                .map(setting -> "spark.hadoop." + setting)
                .toList();
        return run(what, properties, arguments);
    }

    /** Empty if {@code verify --read-input} finds nothing, else what it said. */
    String verify(String output) throws IOException, InterruptedException {
        Ended ended = runInStore("verify", List.of("verify", "--read-input", output));
        return ended.exit() == 0 ? "" : "verify ended with " + ended.exit() + ": " + ended.out() + ended.message();
    }
}
