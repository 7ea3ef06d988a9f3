package io.textloom.jobs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of a test, its output in files so that no pipe fills up. */
final class TestProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path out;
    private final Path err;

    private TestProcess(String name, Process process, Path out, Path err) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * What a process left.
     *
     * @param seconds between start and end, for the log of a failed test
     */
    record Ended(int exit, String out, String err, double seconds) {
        /** The last lines of standard error, for the message of a failed test. */
        String lastWords() {
            List<String> lines = err.lines().toList();
            return "after %.0f s: ".formatted(seconds)
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        }
    }

    /** Starts with this process's environment, without what would change a Spark or a Java; a crash leaves no core. */
    static TestProcess start(String name, Path logs, List<String> command, Map<String, String> environment) {
        Path out = logs.resolve(name + ".out");
        Path err = logs.resolve(name + ".err");
        List<String> withoutCores = new ArrayList<>(List.of("sh", "-c", "ulimit -c 0; exec \"$@\"", "sh"));
        withoutCores.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(withoutCores);
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.startsWith("SPARK_")
                        || variable.startsWith("TEXTLOOM_")
                        || variable.equals("HADOOP_CONF_DIR")
                        || variable.equals("JDK_JAVA_OPTIONS")
                        || variable.equals("JAVA_TOOL_OPTIONS")
                        || variable.equals("CLASSPATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("TEXTLOOM_CACHE", System.getProperty("textloom.cache"));
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(out.toFile());
        builder.redirectError(err.toFile());
        try {
            return new TestProcess(name, builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal, such as {@code TERM}. */
    static void signal(String signal, long pid) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + signal + " " + pid + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Runs to the end; a process that is not done in time is ended and fails the test. */
    static Ended run(String name, Path logs, List<String> command, Map<String, String> environment, Duration patience) {
        try (TestProcess running = start(name, logs, command, environment)) {
            return running.await(patience);
        }
    }

    /** Waits for the end; a process that is not done in time fails the test. */
    Ended await(Duration patience) {
        long start = System.nanoTime();
        try {
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " did not end within " + patience + "\n" + out() + err());
            }
            return new Ended(process.exitValue(), out(), err(), (System.nanoTime() - start) / 1e9);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    Stream<ProcessHandle> children() {
        return process.children();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /** Ends the process and all it started. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return name;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
