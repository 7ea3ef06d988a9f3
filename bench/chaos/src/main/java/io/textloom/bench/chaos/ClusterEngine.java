package io.textloom.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Spark master and two workers of one core each, all in processes of their own, and spark-submit. */
final class ClusterEngine implements Engine {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

    private final Textloom textloom;
    private final Random random;
    private final Map<String, String> environment;
    private final Child master;
    private final String url;
    private final Path home;
    private final ClassArchive archive;
    private final List<Child> workers = new ArrayList<>();
    private int started;

    ClusterEngine(Textloom textloom, long seed) throws IOException, InterruptedException {
        this.textloom = textloom;
        random = new Random(seed);
        environment = new HashMap<>(textloom.environment());
        // else Spark's launcher looks for the directories of a build of Spark
        environment.put("SPARK_SCALA_VERSION", "2.12");
        home = sparkHome();
        environment.put("SPARK_HOME", home.toString());
        environment.put(
                "SPARK_LOCAL_DIRS",
                Files.createDirectories(textloom.work().resolve("local")).toString());
        archive = textloom.archive(
                "spark", (options, arguments) -> submit("trial", "local[2]", options, List.of(), List.of(), arguments));
        List<String> command = java("-Xmx256m");
        command.addAll(List.of(
                "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
        master = Child.start("master", textloom.logs(), command, environment);
        Wait.until(() -> MASTER_URL.matcher(master.err()).find(), master::alive, PATIENCE, 100);
        Matcher told = MASTER_URL.matcher(master.err());
        if (!told.find()) {
            throw new IllegalStateException(master.lastWords());
        }
        url = told.group(1);
        startWorker();
        startWorker();
    }

    private List<String> java(String heap) throws IOException {
        List<String> command = textloom.java(heap, home);
        command.addAll(Textloom.quickStart());
        command.addAll(archive.options());
        return command;
    }

    private void startWorker() throws IOException, InterruptedException {
        int number = started++;
        long before = registered();
        List<String> command = java("-Xmx256m");
        command.addAll(List.of("org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--port", "0"));
        command.addAll(List.of("--webui-port", "0", "--cores", "1", "--memory", "1536m", "--work-dir"));
        command.add(Files.createDirectories(textloom.work().resolve("work-" + number))
                .toString());
        command.add(url);
        workers.add(Child.start("worker-" + number, textloom.logs(), command, environment));
        if (!Wait.until(() -> registered() > before, master::alive, PATIENCE, 100)) {
            throw new IllegalStateException("Worker " + number + " did not register; " + master.lastWords());
        }
    }

    private long registered() throws IOException {
        return master.err()
                .lines()
                .filter(line -> line.contains("Registering worker"))
                .count();
    }

    @Override
    public String label() {
        return "cluster";
    }

    @Override
    public boolean anyExecutorPossible() {
        return true;
    }

    @Override
    public int cores() {
        return 2;
    }

    @Override
    public Child start(String name, List<String> hadoop, List<String> jars, List<String> arguments) throws IOException {
        sweep();
        return submit(name, url, archive.options(), hadoop, jars, arguments);
    }

    private Child submit(
            String name,
            String to,
            List<String> javaOptions,
            List<String> hadoop,
            List<String> jars,
            List<String> arguments)
            throws IOException {
        List<String> command = textloom.java("-Xmx1g", home);
        command.addAll(Textloom.quickStart());
        command.addAll(javaOptions);
        command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--class", "io.textloom.jobs.Main"));
        command.addAll(List.of("--master", to));
        if (!jars.isEmpty()) {
            command.addAll(List.of("--jars", local(jars)));
        }
        List<String> executor = new ArrayList<>(Textloom.quickStart());
        executor.addAll(javaOptions);
        List<String> settings = new ArrayList<>(List.of(
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.executor.memory=1g",
                "spark.executor.cores=1",
                "spark.executor.extraJavaOptions=" + String.join(" ", executor),
                "spark.cores.max=2",
                "spark.sql.shuffle.partitions=8",
                "spark.scheduler.minRegisteredResourcesRatio=1",
                "spark.scheduler.maxRegisteredResourcesWaitingTime=60s",
                "spark.locality.wait=0s"));
        hadoop.forEach(setting -> settings.add("spark.hadoop." + setting));
        settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
        command.add(local(List.of(textloom.jar().toString())));
        command.addAll(arguments);
        return Child.start(name, textloom.logs(), command, environment);
    }

    /** Every executor copies the jar to where it works, twice, and leaves it there if it is killed. */
    private void sweep() throws IOException {
        Instant old = Instant.now().minusSeconds(60);
        try (Stream<Path> files = Files.find(
                textloom.work(),
                6,
                (file, is) -> is.isRegularFile()
                        && is.lastModifiedTime().toInstant().isBefore(old)
                        && file.toString().matches(".*/(work-\\d+/.*[.]jar|local/.*_cache)"))) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            // an executor that ends deletes its own
        }
    }

    /** As files that lie in the same place on every worker: to send them takes longer than the job. */
    private static String local(List<String> jars) {
        return jars.stream().map(jar -> "local:" + jar).collect(Collectors.joining(","));
    }

    @Override
    public Optional<ProcessHandle> anyExecutor(Child driver) {
        Instant since = driver.handle().info().startInstant().orElse(Instant.EPOCH);
        List<ProcessHandle> executors = workers.stream()
                .flatMap(worker -> worker.handle().children())
                .filter(executor ->
                        !executor.info().startInstant().orElse(since).isBefore(since))
                .sorted(Comparator.comparingLong(ProcessHandle::pid))
                .toList();
        return executors.isEmpty() ? Optional.empty() : Optional.of(executors.get(random.nextInt(executors.size())));
    }

    @Override
    public boolean replaceWorker() throws IOException, InterruptedException {
        Child worker = workers.remove(random.nextInt(workers.size()));
        worker.terminate();
        startWorker();
        worker.await(PATIENCE);
        return true;
    }

    @Override
    public void close() {
        workers.forEach(Child::close);
        master.close();
    }

    /** A directory that is a Spark to workers: they give its {@code jars/*} to their executors. */
    private Path sparkHome() throws IOException {
        Path directory = textloom.work().resolve("spark");
        Path jars = Files.createDirectories(directory.resolve("jars"));
        for (String jar : textloom.sparkJars()) {
            Path target = Path.of(jar);
            try {
                Files.createSymbolicLink(jars.resolve(target.getFileName().toString()), target);
            } catch (FileAlreadyExistsException e) {
                // made by an earlier session
            }
        }
        return directory;
    }
}
