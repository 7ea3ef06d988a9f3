package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shaded jar on a real cluster: a master, two workers and spark-submit, each in its own JVM. */
class StandaloneClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DOCUMENTS = 60;
    private static final int PARTITIONS = 6;

    /** ONNX Runtime once crashed where the class path on the command line was longer than 4 kB; unit: characters. */
    private static final int LONG_CLASS_PATH = 8 << 10;

    @TempDir
    static Path dir;

    private static StandaloneCluster cluster;
    private static Path input;

    @BeforeAll
    static void startCluster() throws IOException {
        input = writeDocuments();
        cluster = StandaloneCluster.start(dir, 2);
    }

    @AfterAll
    static void endCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void embedGivesTheVectorsOfALocalRun() throws IOException {
        List<String> job = List.of("embed", "--id-column", "id", "--input", input.toString());
        Path clustered = submitToCluster("embed", job);
        Path local = submitLocally("embed", job);

        Map<String, float[]> vectors = vectors(clustered);
        Map<String, float[]> expected = vectors(local);
        assertThat(vectors.keySet()).isEqualTo(ids()).isEqualTo(expected.keySet());
        vectors.forEach((id, vector) -> assertThat(vector)
                .as("embedding of %s", id)
                .hasSize(384)
                .containsExactly(expected.get(id), within(1e-6f)));
    }

    @Test
    void generateGivesTheCompletionsOfALocalRun() throws IOException {
        List<String> job = List.of(
                "generate",
                "--id-column",
                "id",
                "--input",
                input.toString(),
                "--max-new-tokens",
                "16",
                "--temperature",
                "0.8",
                "--seed",
                "7");
        Path clustered = submitToCluster("generate", job);
        Path local = submitLocally("generate", job);

        Map<String, String> completions = completions(clustered);
        assertThat(completions.keySet()).isEqualTo(ids());
        assertThat(completions).isEqualTo(completions(local));
        assertThat(new TreeSet<>(completions.values())).as("texts that differ").hasSizeGreaterThan(DOCUMENTS / 2);
    }

    @Test
    void theDoctorAndAPlanReachBothExecutors() throws IOException {
        List<String> options = List.of(
                "--master",
                cluster.url(),
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--conf",
                "spark.executor.memory=1g",
                "--conf",
                "spark.executor.cores=1",
                "--conf",
                "spark.cores.max=2",
                "--conf",
                "spark.scheduler.minRegisteredResourcesRatio=1",
                "--conf",
                "spark.scheduler.maxRegisteredResourcesWaitingTime=240s",
                "--conf",
                "spark.serializer=org.apache.spark.serializer.KryoSerializer",
                "--class",
                "io.textloom.jobs.Main",
                System.getProperty("textloom.jar"));
        Path output = dir.resolve("looked-at");
        List<String> looked = List.of("--input", input.toString(), "--output", output.toString(), "--json");

        List<String> doctor = new ArrayList<>(options);
        doctor.addAll(List.of("doctor", "--model", "storyteller"));
        doctor.addAll(looked);
        TestProcess.Ended examined = cluster.submit("doctor", doctor);
        assertThat(examined.exit()).as(examined.out() + examined.lastWords()).isZero();
        TreeSet<String> executors = new TreeSet<>();
        for (JsonNode finding : JSON.readTree(examined.out()).get("findings")) {
            String what = finding.get("what").asText();
            if (what.endsWith(": model")) {
                executors.add(what);
            }
        }
        assertThat(executors).hasSize(2);

        List<String> plan = new ArrayList<>(options);
        plan.addAll(List.of("embed", "--explain"));
        plan.addAll(looked);
        TestProcess.Ended explained = cluster.submit("explain", plan);
        assertThat(explained.exit()).as(explained.lastWords()).isZero();
        JsonNode rows = JSON.readTree(explained.out()).get("rows");
        assertThat(rows.get("value").asInt()).isEqualTo(DOCUMENTS);
        assertThat(output).doesNotExist();
    }

    private static Path submitToCluster(String name, List<String> job) throws IOException {
        Path output = dir.resolve(name + "-cluster");
        Path events = Files.createDirectories(dir.resolve(name + "-events"));
        TestProcess.Ended ended = submit(
                name + "-cluster",
                List.of(
                        "--master",
                        cluster.url(),
                        "--conf",
                        "spark.driver.host=127.0.0.1",
                        "--conf",
                        "spark.executor.memory=1g",
                        "--conf",
                        "spark.executor.cores=1",
                        "--conf",
                        "spark.executor.extraClassPath=" + longClassPath(),
                        // both executors are there before the first task, and none waits for a better place
                        "--conf",
                        "spark.cores.max=2",
                        "--conf",
                        "spark.scheduler.minRegisteredResourcesRatio=1",
                        "--conf",
                        "spark.scheduler.maxRegisteredResourcesWaitingTime=240s",
                        "--conf",
                        "spark.locality.wait=0s",
                        "--conf",
                        "spark.network.timeout=300s",
                        "--conf",
                        "spark.eventLog.enabled=true",
                        "--conf",
                        "spark.eventLog.dir=" + events.toUri()),
                job,
                output,
                PARTITIONS);
        assertThat(ended.exit()).as(ended.lastWords() + cluster.workerLogs()).isZero();
        assertThat(ended.err()).as("Spark's log without --verbose").doesNotContain(" INFO ", " WARN ");
        assertComplete(ended.out(), output);
        assertBothExecutorsWorked(events);
        for (int worker = 0; worker < 2; worker++) {
            assertThat(cluster.workerLog(worker)
                            .lines()
                            .filter(line -> line.contains("Launch command") && line.contains("/padding/"))
                            .mapToInt(String::length))
                    .as("executors of worker %s are launched with a long class path", worker)
                    .isNotEmpty()
                    .allMatch(length -> length > LONG_CLASS_PATH);
            try (Stream<Path> files = Files.walk(cluster.workDirectory(worker))) {
                assertThat(files.filter(f -> f.getFileName().toString().startsWith("hs_err")))
                        .as("crash reports")
                        .isEmpty();
            }
        }
        return output;
    }

    private static Path submitLocally(String name, List<String> job) throws IOException {
        Path output = dir.resolve(name + "-local");
        TestProcess.Ended ended = submit(name + "-local", List.of("--master", "local[1]"), job, output, 1);
        assertThat(ended.exit()).as(ended.lastWords()).isZero();
        assertComplete(ended.out(), output);
        return output;
    }

    private static TestProcess.Ended submit(
            String name, List<String> sparkOptions, List<String> job, Path output, int partitions) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--class", "io.textloom.jobs.Main"));
        arguments.addAll(sparkOptions);
        arguments.add(System.getProperty("textloom.jar"));
        arguments.addAll(job);
        arguments.addAll(List.of("--output", output.toString(), "--partitions", String.valueOf(partitions), "--json"));
        return cluster.submit(name, arguments);
    }

    /** What the run says of itself, and what verify recounts. */
    private static void assertComplete(String report, Path output) throws IOException {
        JsonNode counts = JSON.readTree(report);
        assertThat(counts.get("rowsIn").asInt()).isEqualTo(DOCUMENTS);
        assertThat(counts.get("documentsOut").asInt()).isEqualTo(DOCUMENTS);
        assertThat(counts.get("rowsRejected").asInt()).isZero();
        assertThat(CommittedRows.errors(output)).isEmpty();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                false);
        assertThat(new Main(console, new SparkJobRunner(console))
                        .execute("verify", "--read-input", "--master", "local[1]", output.toString()))
                .as(out + err.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    /** By the event log: two executors, none lost, no task that failed, and rows computed on both. */
    private static void assertBothExecutorsWorked(Path events) throws IOException {
        TreeSet<String> added = new TreeSet<>();
        Map<Integer, TreeSet<String>> executorsByStage = new TreeMap<>();
        List<String> failed = new ArrayList<>();
        Path log;
        try (Stream<Path> files = Files.list(events)) {
            log = files.filter(f -> !f.getFileName().toString().startsWith("."))
                    .findFirst()
                    .orElseThrow();
        }
        try (Stream<String> lines = Files.lines(log)) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode event = JSON.readTree(line);
                switch (event.get("Event").asText()) {
                    case "SparkListenerExecutorAdded" ->
                        added.add(event.get("Executor ID").asText());
                    case "SparkListenerTaskEnd" -> {
                        executorsByStage
                                .computeIfAbsent(event.get("Stage ID").asInt(), stage -> new TreeSet<>())
                                .add(event.get("Task Info").get("Executor ID").asText());
                        if (!event.get("Task End Reason").get("Reason").asText().equals("Success")) {
                            failed.add(line);
                        }
                    }
                    default -> {}
                }
            }
        }
        assertThat(added).as("executors").hasSize(2);
        assertThat(failed).as("tasks that failed").isEmpty();
        int last = executorsByStage.keySet().stream().mapToInt(i -> i).max().orElseThrow();
        assertThat(executorsByStage.get(last))
                .as("executors of the stage that computes")
                .isEqualTo(added);
    }

    private static String longClassPath() {
        StringBuilder path = new StringBuilder();
        for (int i = 0; path.length() <= LONG_CLASS_PATH; i++) {
            path.append(i == 0 ? "" : ":").append(dir.resolve("padding").resolve("library-" + i + ".jar"));
        }
        return path.toString();
    }

    private static Path writeDocuments() throws IOException {
        List<String> beginnings = List.of(
                "Once upon a time there lived a miller who",
                "The old clock in the tower struck",
                "Behind the mountain lay a lake, and in the lake",
                "\"Who goes there?\" asked the gatekeeper, and",
                "In winter the baker's daughter");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            String more = " The road went on for %d miles, past farms and inns.".formatted(i + 2);
            ObjectNode document = JSON.createObjectNode();
            document.put("id", "doc-%02d".formatted(i));
            document.put("text", more.strip().repeat(i % 7) + beginnings.get(i % beginnings.size()) + " " + i);
            lines.append(document).append('\n');
        }
        return Files.writeString(dir.resolve("documents.jsonl"), lines);
    }

    private static TreeSet<String> ids() {
        TreeSet<String> ids = new TreeSet<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            ids.add("doc-%02d".formatted(i));
        }
        return ids;
    }

    private static Map<String, float[]> vectors(Path output) {
        Map<String, float[]> vectors = new TreeMap<>();
        for (Group row : CommittedRows.of(output)) {
            assertThat(vectors.put(row.getString("id", 0), CommittedRows.floats(row, "embedding")))
                    .as("earlier row of the same id")
                    .isNull();
        }
        return vectors;
    }

    private static Map<String, String> completions(Path output) {
        Map<String, String> completions = new TreeMap<>();
        for (Group row : CommittedRows.of(output)) {
            assertThat(completions.put(row.getString("id", 0), row.getString("completion", 0)))
                    .as("earlier row of the same id")
                    .isNull();
        }
        return completions;
    }
}
