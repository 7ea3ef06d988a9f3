package io.textloom.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What users run: the launcher and the jar of {@code jobs/target}. */
final class Textloom {
    /** Most processes live for seconds; compiling them well costs more than it brings. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Path repository;
    private final Path work;
    private final boolean archived;
    private final Map<List<String>, ClassArchive> archives = new HashMap<>();
    private @Nullable Path trialInput;

    /** @param archived whether processes take their classes from archives, which pays from the fifth process on */
    Textloom(Path repository, Path work, boolean archived) {
        this.archived = archived;
        this.repository = repository.toAbsolutePath().normalize();
        this.work = work.toAbsolutePath().normalize();
    }

    Path repository() {
        return repository;
    }

    /** Where everything of this session lies. */
    Path work() {
        return work;
    }

    Path logs() {
        return work.resolve("logs");
    }

    Path jar() throws IOException {
        try (Stream<Path> files = Files.list(repository.resolve("jobs/target"))) {
            return files.filter(f -> f.getFileName().toString().matches("textloom-[0-9].*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("jobs/target holds no textloom-VERSION.jar; build it"));
        }
    }

    List<String> sparkJars() throws IOException {
        return List.of(Files.readString(repository.resolve("jobs/target/spark-classpath.txt"))
                .strip()
                .split(":"));
    }

    Map<String, String> environment() {
        return Map.of(
                "TEXTLOOM_CACHE", repository.resolve("bench/chaos/target/cache").toString());
    }

    /** The launcher, whose process becomes the job's. @param jars add-ons @param prefix what runs the launcher; empty for nothing */
    Child launch(String name, List<String> prefix, List<String> javaOptions, List<String> jars, List<String> arguments)
            throws IOException, InterruptedException {
        ClassArchive archive = archives.get(jars);
        if (archive == null) {
            archive = archive(
                    "launcher-" + jars.size(),
                    (options, trial) ->
                            start("trial", List.of(), options, jars, append(trial, "--master", "local[2]")));
            archives.put(jars, archive);
        }
        List<String> options = new ArrayList<>(javaOptions);
        options.addAll(archive.options());
        return start(name, prefix, options, jars, arguments);
    }

    private Child start(
            String name, List<String> prefix, List<String> javaOptions, List<String> jars, List<String> arguments)
            throws IOException {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("TEXTLOOM_HEAP", "1200m");
        environment.put("TEXTLOOM_JAVA_OPTS", QUICK_START + " " + String.join(" ", javaOptions));
        if (!jars.isEmpty()) {
            environment.put("TEXTLOOM_JARS", String.join(",", jars));
        }
        List<String> command = new ArrayList<>(prefix);
        command.add(repository.resolve("scripts/textloom").toString());
        command.addAll(arguments);
        return Child.start(name, logs(), command, environment);
    }

    /** Starts a job of a few rows. */
    interface Trial {
        Child start(List<String> javaOptions, List<String> arguments) throws IOException;
    }

    /** @param name of the class path; the archive is made anew when the jar is */
    ClassArchive archive(String name, Trial trial) throws IOException, InterruptedException {
        Path input = trialInput;
        if (input == null) {
            input = work.resolve("trial.jsonl");
            Corpus.write(input, 0, 50, 8);
            trialInput = input;
        }
        long built = Files.getLastModifiedTime(jar()).toMillis();
        Path file = work.resolve("classes-" + name + "-" + built + ".jsa");
        List<String> arguments = List.of(
                "tokenize",
                "--json",
                "--input",
                input.toString(),
                "--output",
                work.resolve("trial-" + name).toString(),
                "--mode",
                "overwrite");
        return archived ? ClassArchive.of(file, options -> trial.start(options, arguments)) : ClassArchive.none(file);
    }

    private static List<String> append(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    /** {@link JobServer} with the job's class path, and ours behind it. @param jars add-ons */
    Child server(List<String> jars) throws IOException {
        Path file = work.resolve("server.args");
        List<String> lines = options();
        lines.add("-cp");
        List<String> classPath = new ArrayList<>(List.of(jar().toString()));
        classPath.addAll(jars);
        classPath.addAll(sparkJars());
        classPath.add(ownJar());
        lines.add('"' + String.join(":", classPath) + '"');
        Files.write(file, lines);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + file,
                "-Xmx1500m",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=file:" + repository.resolve("conf/log4j2.properties"),
                JobServer.class.getName());
        return Child.start("server", logs(), command, environment());
    }

    private static String ownJar() {
        return Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(jar -> jar.matches(".*/textloom-chaos-[^/]*\\.jar"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> options() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(repository.resolve("pom.xml"))) {
            if (line.strip().startsWith("--add-opens") || line.strip().startsWith("-Djdk.reflect")) {
                lines.add(line.strip());
            }
        }
        return lines;
    }

    /** A Java program with Spark's jars as executors have them; options in a file, as the launcher does it. @param home a Spark's directory */
    List<String> java(String heap, Path home) throws IOException {
        Path file = work.resolve("spark.args");
        List<String> lines = options();
        lines.add("-cp");
        lines.add('"' + home.resolve("conf").toString() + ":" + home.resolve("jars") + "/*\"");
        Files.write(file, lines);
        return new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file, heap));
    }

    /** Options of processes that live for seconds. */
    static List<String> quickStart() {
        return List.of(QUICK_START.split(" "));
    }
}
