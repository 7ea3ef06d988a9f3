package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are stopped while they compute: no crash in native code, no half output, no row to blame. */
class OrderedStopIT {
    private static final int DOCUMENTS = 1200;
    private static final int PARTITIONS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    static Path dir;

    private static Path input;

    @BeforeAll
    static void writeDocuments() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            lines.append("{\"id\": \"doc-").append(i).append("\", \"text\": \"");
            lines.append("The miller counted sacks and geese on the road to the mill. ".repeat(1 + i % 9))
                    .append(i)
                    .append("\"}\n");
        }
        input = Files.writeString(dir.resolve("documents.jsonl"), lines);
    }

    @Test
    void aDriverThatIsStoppedLeavesWhatItFinishedAndNoCrash() throws IOException {
        Path root = Files.createDirectories(dir.resolve("driver"));
        Path output = root.resolve("out");
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("textloom.launcher"), "embed", "--master", "local[2]"));
        command.addAll(job(output));
        Map<String, String> environment = Map.of("TMPDIR", root.toString());
        try (TestProcess run = TestProcess.start("stopped", root, command, environment)) {
            await(() -> taskReports(output) > 0 || !run.alive());
            TestProcess.signal("TERM", run.pid());
            TestProcess.Ended ended = run.await(PATIENCE);
            assertThat(ended.exit()).as(ended.lastWords()).isEqualTo(128 + 15);
            assertThat(ended.err()).contains("stopped before it was done", "Run the same command again");
        }
        assertNoCrashReport(root);
        assertThat(parquetFiles(output)).as("half output").isEmpty();
        assertThat(crumbs(output)).as("crumbs").isEmpty();

        TestProcess.Ended again = TestProcess.run("again", root, command, environment, PATIENCE);
        assertThat(again.exit()).as(again.lastWords()).isZero();
        assertComplete(output);
    }

    @Test
    void executorsThatAreDecommissionedOrStoppedAreMadeUpFor() throws IOException {
        Path root = Files.createDirectories(dir.resolve("executors"));
        Path output = root.resolve("out");
        try (StandaloneCluster cluster = StandaloneCluster.start(root, 2)) {
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
                await(() -> cluster.executors().size() == 2 && !crumbs(output).isEmpty());
                List<ProcessHandle> executors = cluster.executors();
                TestProcess.signal("PWR", executors.get(0).pid());
                TestProcess.signal("TERM", executors.get(1).pid());
            });
            List<String> arguments = new ArrayList<>(List.of("--class", "io.textloom.jobs.Main"));
            arguments.addAll(List.of("--master", cluster.url()));
            for (String setting : List.of(
                    "spark.driver.host=127.0.0.1",
                    "spark.executor.memory=1g",
                    "spark.executor.cores=1",
                    "spark.cores.max=2",
                    "spark.locality.wait=0s",
                    "spark.decommission.enabled=true",
                    "spark.storage.decommission.enabled=true",
                    "spark.storage.decommission.shuffleBlocks.enabled=true",
                    "spark.speculation=true",
                    "spark.speculation.interval=100ms",
                    "spark.speculation.quantile=0.2",
                    "spark.speculation.multiplier=1.1",
                    "spark.task.reaper.enabled=true")) {
                arguments.addAll(List.of("--conf", setting));
            }
            arguments.addAll(List.of(System.getProperty("textloom.jar"), "embed"));
            arguments.addAll(job(output));
            TestProcess.Ended ended = cluster.submit("embed", arguments);
            assertThat(ended.exit())
                    .as(ended.lastWords() + cluster.workerLogs())
                    .isZero();
            stopping.join();
            assertNoCrashReport(root);
            assertComplete(output);
        }
    }

    private static List<String> job(Path output) {
        return List.of(
                "--id-column",
                "id",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--partitions",
                String.valueOf(PARTITIONS));
    }

    private static void assertComplete(Path output) {
        assertThat(CommittedRows.errors(output)).isEmpty();
        List<String> ids = CommittedRows.strings(CommittedRows.of(output), "id");
        assertThat(ids).hasSize(DOCUMENTS);
        assertThat(new TreeSet<>(ids)).hasSize(DOCUMENTS);
        Path staging = output.resolve("_textloom/staging");
        assertThat(staged(output).filter(f -> !f.equals(staging))).as("staging").isEmpty();
    }

    private static void assertNoCrashReport(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("hs_err")))
                    .as("crash reports")
                    .isEmpty();
        }
    }

    private static long taskReports(Path output) {
        return staged(output)
                .filter(f -> f.getFileName().toString().matches("task-.*[.]json"))
                .count();
    }

    private static List<Path> crumbs(Path output) {
        return staged(output)
                .filter(f -> f.getParent().endsWith("crumbs")
                        && f.getFileName().toString().endsWith(".json"))
                .toList();
    }

    private static Stream<Path> staged(Path output) {
        Path staging = output.resolve("_textloom/staging");
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(staging)) {
            files.forEach(found::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            // not yet there, or cleared while it is walked
        }
        return found.stream();
    }

    private static List<Path> parquetFiles(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(f -> f.toString().endsWith(".parquet")).toList();
        }
    }

    private static void await(BooleanSupplier ready) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited " + PATIENCE);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
