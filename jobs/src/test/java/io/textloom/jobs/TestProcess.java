package io.textloom.jobs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

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

    /** Starts with this process's environment, without what would change a Spark or a Java. */
    static TestProcess start(String name, Path logs, List<String> command, Map<String, String> environment) {
        Path out = logs.resolve(name + ".out");
        Path err = logs.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
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

    /** Runs to the end; a process that is not done in time is ended and fails the test. */
    static Ended run(String name, Path logs, List<String> command, Map<String, String> environment, Duration patience) {
        long start = System.nanoTime();
        try (TestProcess running = start(name, logs, command, environment)) {
            if (!running.process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(
                        name + " did not end within " + patience + "\n" + running.out() + running.err());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Ended(running.process.exitValue(), running.out(), running.err(), seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean alive() {
        return process.isAlive();
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
