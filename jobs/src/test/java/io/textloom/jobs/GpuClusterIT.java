package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker whose discovery script reports two GPUs, and the shipped profiles. No card is needed: {@code -Dtextloom.test.gpuAsCpu} computes on the CPU what
 * a card would, all else is as with one. The executors' logs say what was opened and leased where.
 */
class GpuClusterIT {
    private static final String GPU_AS_CPU = "-Dtextloom.test.gpuAsCpu=true";
    private static final Path SCRIPTS =
            Path.of(System.getProperty("textloom.launcher")).toAbsolutePath().getParent();
    private static final int DOCUMENTS = 48;
    private static final int PARTITIONS = 12;

    /** As Spark's executor logs what its worker gave it. */
    private static final Pattern GIVEN =
            Pattern.compile("gpu -> \\[name: gpu, addresses: ([0-9,]+)]|gpu assigned: ([0-9,]+)");

    private static final Pattern OPENED = Pattern.compile("opened all-MiniLM-L6-v2 on gpu ([0-9]+) ");
    private static final Pattern LEASED = Pattern.compile("task ([0-9]+) leases all-MiniLM-L6-v2 on gpu ([0-9]+) ");

    @TempDir
    static Path dir;

    private static StandaloneCluster cluster;
    private static Path input;

    /** What one executor's log says; tasks by number, each with the GPU it leased. */
    private record ExecutorLog(Set<String> given, List<String> opened, Map<Long, String> leased) {}

    @BeforeAll
    static void startCluster() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            lines.append("{\"id\": \"doc-")
                    .append(i)
                    .append("\", \"text\": \"The miller counted ")
                    .append("sacks and ".repeat(i % 9))
                    .append(i)
                    .append(" geese.\"}\n");
        }
        input = Files.writeString(dir.resolve("documents.jsonl"), lines);
        cluster = StandaloneCluster.start(
                dir,
                1,
                new StandaloneCluster.Worker(
                        4,
                        "3g",
                        List.of(
                                "-Dspark.worker.resource.gpu.amount=2",
                                "-Dspark.worker.resource.gpu.discoveryScript=" + SCRIPTS.resolve("discover-gpus")),
                        Map.of("TEXTLOOM_GPU_ADDRESSES", "0,1")));
    }

    @AfterAll
    static void endCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void executorsOfOneGpuComputeOnTheirOwn() throws IOException {
        List<ExecutorLog> executors = embed("one", "spark-gpu-one.conf");

        assertThat(executors).hasSize(2);
        Set<String> given = new TreeSet<>();
        for (ExecutorLog executor : executors) {
            assertThat(executor.given()).as("GPUs of one executor").hasSize(1);
            given.addAll(executor.given());
            assertThat(executor.opened()).as("engines opened").containsExactlyElementsOf(executor.given());
            assertThat(executor.leased().values()).as("leases").isSubsetOf(executor.given());
        }
        assertThat(given).containsExactly("0", "1");
        assertEveryTaskLeasedOnce(executors);
    }

    @Test
    void tasksOfAnExecutorShareOneEnginePerGpu() throws IOException {
        List<ExecutorLog> executors = embed(
                "shared",
                "spark-gpu-shared.conf",
                "spark.executor.resource.gpu.amount=2",
                "spark.task.resource.gpu.amount=0.5");

        assertThat(executors).hasSize(1);
        assertThat(executors.get(0).given()).containsExactly("0", "1");
        assertThat(executors.get(0).opened()).as("engines opened").containsExactlyInAnyOrder("0", "1");
        assertThat(new HashSet<>(executors.get(0).leased().values()))
                .as("GPUs leased")
                .containsExactlyInAnyOrder("0", "1");
        assertEveryTaskLeasedOnce(executors);
    }

    @Test
    void withoutAProviderTheRunEndsBeforeAnyTask() throws IOException {
        TestProcess.Ended ended = submit("missing", List.of(), List.of(), "spark-gpu-one.conf");

        assertThat(ended.exit()).as(ended.lastWords()).isEqualTo(ExitCode.BAD_ARGUMENTS.code());
        assertThat(ended.err()).contains("no CUDA provider", "--jars", "--provider-library", "--device cpu");
        assertThat(dir.resolve("missing-out")).doesNotExist();
    }

    private static void assertEveryTaskLeasedOnce(List<ExecutorLog> executors) {
        TreeSet<Long> tasks = new TreeSet<>();
        executors.forEach(executor -> tasks.addAll(executor.leased().keySet()));
        assertThat(tasks).as("tasks that leased an engine").hasSize(PARTITIONS);
    }

    private static List<ExecutorLog> embed(String name, String profile, String... conf) throws IOException {
        Set<Path> before = applications();
        TestProcess.Ended ended = submit(
                name, List.of(GPU_AS_CPU), List.of("spark.executor.extraJavaOptions=" + GPU_AS_CPU), profile, conf);
        assertThat(ended.exit()).as(ended.lastWords() + cluster.workerLogs()).isZero();
        JsonNode report = new ObjectMapper().readTree(ended.out());
        assertThat(report.get("documentsOut").asInt()).isEqualTo(DOCUMENTS);
        assertThat(report.get("rowsRejected").asInt()).isZero();

        Set<Path> added = applications();
        added.removeAll(before);
        assertThat(added).as("applications of this run").hasSize(1);
        List<ExecutorLog> logs = new ArrayList<>();
        try (Stream<Path> executors = Files.list(added.iterator().next())) {
            for (Path executor : executors.sorted().toList()) {
                logs.add(read(executor.resolve("stderr")));
            }
        }
        return logs;
    }

    private static TestProcess.Ended submit(
            String name, List<String> driverOptions, List<String> driverConf, String profile, String... conf)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--class", "io.textloom.jobs.Main"));
        arguments.addAll(List.of("--master", cluster.url()));
        arguments.addAll(List.of(
                "--properties-file",
                SCRIPTS.resolveSibling("conf").resolve(profile).toString()));
        List<String> settings = new ArrayList<>(List.of(
                "spark.driver.host=127.0.0.1",
                "spark.executor.memory=1g",
                "spark.cores.max=4",
                // all executors are there before the first task
                "spark.scheduler.minRegisteredResourcesRatio=1",
                "spark.scheduler.maxRegisteredResourcesWaitingTime=240s",
                "spark.network.timeout=300s"));
        settings.addAll(driverConf);
        settings.addAll(List.of(conf));
        settings.forEach(setting -> arguments.addAll(List.of("--conf", setting)));
        arguments.add(System.getProperty("textloom.jar"));
        arguments.addAll(List.of("embed", "--id-column", "id", "--input", input.toString()));
        arguments.addAll(List.of("--output", dir.resolve(name + "-out").toString()));
        arguments.addAll(List.of("--partitions", String.valueOf(PARTITIONS), "--json"));
        return cluster.submit(name, driverOptions, arguments);
    }

    private static Set<Path> applications() throws IOException {
        try (Stream<Path> entries = Files.list(cluster.workDirectory(0))) {
            return new TreeSet<>(entries.filter(e -> e.getFileName().toString().startsWith("app-"))
                    .toList());
        }
    }

    private static ExecutorLog read(Path stderr) throws IOException {
        Set<String> given = new TreeSet<>();
        List<String> opened = new ArrayList<>();
        Map<Long, String> leased = new TreeMap<>();
        for (String line : Files.readAllLines(stderr)) {
            Matcher gpu = GIVEN.matcher(line);
            if (gpu.find()) {
                given.addAll(List.of((gpu.group(1) == null ? gpu.group(2) : gpu.group(1)).split(",")));
            }
            Matcher open = OPENED.matcher(line);
            if (open.find()) {
                opened.add(open.group(1));
            }
            Matcher lease = LEASED.matcher(line);
            if (lease.find()) {
                assertThat(leased.put(Long.valueOf(lease.group(1)), lease.group(2)))
                        .as("another lease of task %s", lease.group(1))
                        .isNull();
            }
        }
        return new ExecutorLog(given, opened, leased);
    }
}
