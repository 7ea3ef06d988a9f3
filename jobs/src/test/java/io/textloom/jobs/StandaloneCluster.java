package io.textloom.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Spark master and workers, every one in a JVM of its own, from Spark's jars alone. */
final class StandaloneCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

    private final Path root;
    private final Path logs;
    private final Map<String, String> environment;
    private final List<TestProcess> daemons = new ArrayList<>();
    private final String url;

    /**
     * What each worker offers.
     *
     * @param javaOptions more options of its JVM
     * @param environment of it, and of its executors and the discovery script
     */
    record Worker(int cores, String memory, List<String> javaOptions, Map<String, String> environment) {}

    private StandaloneCluster(Path root, int workers, Worker worker) throws IOException {
        this.root = root;
        logs = Files.createDirectories(root.resolve("logs"));
        environment = Map.of(
                // else Spark's launcher looks for the directories of a build of Spark
                "SPARK_SCALA_VERSION", System.getProperty("textloom.scalaVersion"),
                "SPARK_HOME", sparkHome(root).toString(),
                "SPARK_LOCAL_DIRS",
                        Files.createDirectories(root.resolve("local")).toString());
        try {
            url = startMaster();
            for (int i = 0; i < workers; i++) {
                startWorker(i, worker);
            }
            await(workers + " workers", () -> registeredWorkers() == workers);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Workers of one core each. */
    static StandaloneCluster start(Path root, int workers) throws IOException {
        return start(root, workers, new Worker(1, "1536m", List.of(), Map.of()));
    }

    static StandaloneCluster start(Path root, int workers, Worker worker) throws IOException {
        return new StandaloneCluster(root, workers, worker);
    }

    String url() {
        return url;
    }

    /** Log of one worker, from 0. */
    String workerLog(int worker) {
        return daemons.get(worker + 1).err();
    }

    /** Processes that the workers started. */
    List<ProcessHandle> executors() {
        return daemons.stream().skip(1).flatMap(TestProcess::children).toList();
    }

    Path workDirectory(int worker) {
        return root.resolve("work-" + worker);
    }

    /** The last lines that each worker and each executor wrote, for the message of a failed test. */
    String workerLogs() throws IOException {
        StringBuilder told = new StringBuilder();
        List<Path> places = new ArrayList<>(List.of(logs));
        for (int i = 0; i + 1 < daemons.size(); i++) {
            places.add(workDirectory(i)); // and no other: executors that end delete what they have elsewhere
        }
        for (Path place : places) {
            try (Stream<Path> files = Files.walk(place, 3)) {
                for (Path file : files.filter(
                                f -> f.endsWith("stderr") || f.toString().matches(".*worker-.*[.]err"))
                        .sorted()
                        .toList()) {
                    List<String> lines = Files.readAllLines(file);
                    told.append("\n").append(root.relativize(file)).append(":\n");
                    told.append(String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size())));
                }
            }
        }
        return told.toString();
    }

    /** Runs the spark-submit of Spark's own launcher, in the driver's JVM. */
    TestProcess.Ended submit(String name, List<String> arguments) throws IOException {
        return submit(name, List.of(), arguments);
    }

    /** @param javaOptions more options of the driver's JVM */
    TestProcess.Ended submit(String name, List<String> javaOptions, List<String> arguments) throws IOException {
        List<String> command = java("-Xmx1g");
        command.addAll(javaOptions);
        command.add("org.apache.spark.deploy.SparkSubmit");
        command.addAll(arguments);
        return TestProcess.run(name, logs, command, environment, Duration.ofMinutes(8));
    }

    @Override
    public void close() {
        for (int i = daemons.size() - 1; i >= 0; i--) {
            daemons.get(i).close();
        }
        try (Stream<Path> links = Files.list(root.resolve("spark/jars"))) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String startMaster() throws IOException {
        List<String> command = java("-Xmx512m");
        command.addAll(List.of(
                "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
        TestProcess master = TestProcess.start("master", logs, command, environment);
        daemons.add(master);
        await("the master", () -> MASTER_URL.matcher(master.err()).find());
        Matcher started = MASTER_URL.matcher(master.err());
        if (!started.find()) {
            throw new IllegalStateException(master.err());
        }
        return started.group(1);
    }

    private void startWorker(int number, Worker worker) throws IOException {
        List<String> command = java("-Xmx512m");
        command.addAll(worker.javaOptions());
        command.addAll(List.of("org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--port", "0"));
        command.addAll(List.of("--webui-port", "0"));
        command.addAll(List.of("--cores", String.valueOf(worker.cores()), "--memory", worker.memory()));
        command.addAll(List.of(
                "--work-dir", Files.createDirectories(workDirectory(number)).toString(), url));
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(worker.environment());
        daemons.add(TestProcess.start("worker-" + number, logs, command, all));
    }

    private long registeredWorkers() {
        return daemons.get(0)
                .err()
                .lines()
                .filter(line -> line.contains("Registering worker"))
                .count();
    }

    private void await(String what, BooleanSupplier ready) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            for (TestProcess daemon : daemons) {
                if (!daemon.alive()) {
                    throw new AssertionError(daemon + " ended:\n" + daemon.err());
                }
            }
            if (System.nanoTime() > deadline) {
                StringBuilder told = new StringBuilder("Waited " + PATIENCE + " for " + what);
                daemons.forEach(
                        daemon -> told.append("\n").append(daemon).append(":\n").append(daemon.err()));
                throw new AssertionError(told.toString());
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** {@code java} with Spark's jars; options and class path in a file, as the launcher does it. */
    private List<String> java(String heap) throws IOException {
        Path file = root.resolve("java-options.txt");
        if (!Files.exists(file)) {
            List<String> lines = new ArrayList<>(
                    List.of(System.getProperty("textloom.javaOptions").strip().split("\\s+")));
            lines.add("-cp");
            lines.add('"' + String.join(":", sparkJars()) + '"');
            Files.write(file, lines);
        }
        return new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file, heap));
    }

    /** A directory that is a Spark to workers: they give its {@code jars/*} to their executors. */
    private static Path sparkHome(Path root) throws IOException {
        Path home = root.resolve("spark");
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String jar : sparkJars()) {
            Path target = Path.of(jar);
            try {
                Files.createSymbolicLink(jars.resolve(target.getFileName().toString()), target);
            } catch (FileAlreadyExistsException e) {
                throw new AssertionError("Two of Spark's jars have the name of " + jar, e);
            }
        }
        return home;
    }

    private static String[] sparkJars() throws IOException {
        return Files.readString(Path.of(System.getProperty("textloom.sparkClasspath")))
                .strip()
                .split(":");
    }
}
