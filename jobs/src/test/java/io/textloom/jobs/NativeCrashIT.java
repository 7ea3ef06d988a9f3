package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native code that really raises SIGSEGV at three of two thousand rows. Two partitions, so that one of them holds two such rows at least.
 */
class NativeCrashIT {
    private static final int DOCUMENTS = 2000;
    private static final int PARTITIONS = 2;
    private static final List<Integer> DEADLY = List.of(100, 777, 1500);

    /** Fewer, since every death is a run. */
    private static final List<Integer> DEADLY_LOCALLY = List.of(100, 777);

    /** Each of the rows takes three processes with it, and the first one of all. */
    private static final int MOST_RUNS = 2 + 3 * 2;

    /** For processes that are mostly starting. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    @TempDir
    static Path dir;

    private static Path testJar;

    @BeforeAll
    static void packTestClasses() throws IOException, URISyntaxException {
        testJar = dir.resolve("segfault.jar");
        Path classes = Path.of(SegfaultStage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (OutputStream out = Files.newOutputStream(testJar);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> files = Files.list(classes.resolve("io/textloom/jobs"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("Segfault"))
                    .toList()) {
                jar.putNextEntry(new JarEntry("io/textloom/jobs/" + file.getFileName()));
                Files.copy(file, jar);
            }
        }
    }

    @Test
    void rowsThatKillExecutorsAreQuarantinedAndTheRestIsDone() throws IOException {
        Path root = Files.createDirectories(dir.resolve("crash"));
        try (StandaloneCluster cluster = StandaloneCluster.start(root, 2)) {
            Path output = root.resolve("out");
            TestProcess.Ended ended = submit(cluster, writeDocuments(root, DEADLY), output, 0);
            assertThat(ended.exit())
                    .as(ended.lastWords() + cluster.workerLogs())
                    .isZero();
            assertQuarantined(output, DEADLY);
        }
    }

    @Test
    void anExecutorKilledFromOutsideCondemnsNoRow() throws IOException {
        long seed = System.nanoTime();
        Path root = Files.createDirectories(dir.resolve("kill"));
        try (StandaloneCluster cluster = StandaloneCluster.start(root, 2)) {
            Path output = root.resolve("out");
            CompletableFuture<Long> killed = CompletableFuture.supplyAsync(() -> killOne(cluster, output, seed));
            TestProcess.Ended ended = submit(cluster, writeDocuments(root, List.of()), output, 4);
            assertThat(ended.exit())
                    .as(ended.lastWords() + cluster.workerLogs())
                    .isZero();
            assertThat(killed.join()).as("process killed").isPositive();
            assertThat(CommittedRows.errors(output)).as("seed %s", seed).isEmpty();
            assertLengths(output, List.of());
        }
    }

    @Test
    void aLocalRunIsGoneThroughByStartingItAgain() throws IOException {
        Path root = Files.createDirectories(dir.resolve("local"));
        Path input = writeDocuments(root, DEADLY_LOCALLY);
        Path output = root.resolve("out");
        List<Integer> exits = new ArrayList<>();
        TestProcess.Ended ended;
        do {
            ended = runLocally(root, exits.size(), input, output);
            exits.add(ended.exit());
        } while (ended.exit() != 0 && exits.size() < MOST_RUNS);
        assertThat(exits).as(ended.lastWords()).endsWith(0);
        assertThat(exits.subList(0, exits.size() - 1)).as("crashes").containsOnly(128 + 6);
        assertQuarantined(output, DEADLY_LOCALLY);
    }

    private static TestProcess.Ended submit(StandaloneCluster cluster, Path input, Path output, int millisPerRow)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--class", "io.textloom.jobs.SegfaultMain"));
        arguments.addAll(List.of("--master", cluster.url(), "--jars", testJar.toString()));
        for (String setting : List.of(
                "spark.driver.host=127.0.0.1",
                "spark.executor.memory=512m",
                "spark.executor.cores=1",
                // the driver has to go by exit codes
                "spark.executor.extraJavaOptions=-XX:ErrorFile=/dev/null " + String.join(" ", SHORT_LIVED),
                "spark.cores.max=2",
                "spark.ui.enabled=false",
                "spark.locality.wait=0s",
                "spark.sql.shuffle.partitions=2")) {
            arguments.addAll(List.of("--conf", setting));
        }
        arguments.add(System.getProperty("textloom.jar"));
        arguments.addAll(
                List.of(input.toString(), output.toString(), String.valueOf(PARTITIONS), String.valueOf(millisPerRow)));
        return cluster.submit("driver", SHORT_LIVED, arguments);
    }

    private static TestProcess.Ended runLocally(Path root, int number, Path input, Path output) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(System.getProperty("textloom.javaOptions").strip().split("\\s+")));
        command.addAll(SHORT_LIVED);
        command.addAll(List.of("-Xmx1g", "-XX:ErrorFile=" + root + "/hs_err_%p.log"));
        command.addAll(List.of("-Dspark.master=local[2]", "-Dspark.app.name=crash", "-Dspark.ui.enabled=false"));
        command.addAll(List.of("-Dspark.driver.host=127.0.0.1", "-Dspark.sql.shuffle.partitions=2"));
        Path classPath = root.resolve("classpath");
        Files.writeString(
                classPath,
                "-cp\n\"" + System.getProperty("textloom.jar") + ":" + testJar + ":"
                        + Files.readString(Path.of(System.getProperty("textloom.sparkClasspath")))
                                .strip() + "\"\n");
        command.add("@" + classPath);
        command.add("io.textloom.jobs.SegfaultMain");
        command.addAll(List.of(input.toString(), output.toString(), String.valueOf(PARTITIONS), "0"));
        return TestProcess.run("local-" + number, root, command, Map.of(), Duration.ofMinutes(4));
    }

    /** Kills one executor at a random moment of its work. @return its process number */
    private static long killOne(StandaloneCluster cluster, Path output, long seed) {
        Random random = new Random(seed);
        try {
            while (!Files.exists(output.resolve("_textloom/staging"))) {
                Thread.sleep(50);
            }
            Thread.sleep(random.nextInt(4000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        List<ProcessHandle> executors = cluster.executors();
        ProcessHandle one = executors.get(random.nextInt(executors.size()));
        one.destroyForcibly();
        return one.pid();
    }

    private static void assertQuarantined(Path output, List<Integer> deadly) {
        assertThat(CommittedRows.strings(CommittedRows.errors(output), "id"))
                .isEqualTo(deadly.stream().map(i -> "doc-" + i).sorted().toList());
        assertThat(CommittedRows.errors(output)).allSatisfy(error -> {
            assertThat(error.getString("code", 0)).isEqualTo("CRASHED");
            assertThat(error.getString("message", 0)).contains("died 2 times", "SIG", "--retry-errors all");
            assertThat(error.getString("input", 0)).contains(SegfaultStage.MARKER);
        });
        assertLengths(output, deadly);
    }

    /** Every other row is there once, with its own length, and verify finds nothing. */
    private static void assertLengths(Path output, List<Integer> without) {
        Map<String, Integer> lengths = new TreeMap<>();
        for (Group row : CommittedRows.of(output)) {
            assertThat(lengths.put(row.getString("id", 0), row.getInteger("length", 0)))
                    .as("earlier row of the same id")
                    .isNull();
        }
        Map<String, Integer> expected = new TreeMap<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            if (!without.contains(i)) {
                expected.put("doc-" + i, text(i, List.of()).length());
            }
        }
        assertThat(lengths).isEqualTo(expected);

        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(told, true, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream, Map.of(), false);
        assertThat(new Main(console, new SparkJobRunner(console))
                        .execute("verify", "--read-input", "--master", "local[1]", output.toString()))
                .as(told.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    private static Path writeDocuments(Path root, List<Integer> deadly) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            lines.append("{\"id\": \"doc-").append(i).append("\", \"text\": \"");
            lines.append(text(i, deadly)).append("\"}\n");
        }
        return Files.writeString(root.resolve("documents.jsonl"), lines);
    }

    private static String text(int i, List<Integer> deadly) {
        String text = "The miller counted " + "sacks and ".repeat(i % 9) + i + " geese.";
        return deadly.contains(i) ? text + " " + SegfaultStage.MARKER : text;
    }
}
