package io.textloom.bench.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process under test; its output goes to files, so that no pipe fills up. */
final class Child implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path out;
    private final Path err;

    private Child(String name, Process process, Path out, Path err) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts with this process's environment, without what would change a Spark or a Java. */
    static Child start(String name, Path logs, List<String> command, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(logs);
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
        builder.environment().put("TOKENIZERS_PARALLELISM", "false");
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile());
        builder.redirectError(err.toFile());
        return new Child(name, builder.start(), out, err);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    /** As {@code kill}. */
    void terminate() {
        process.destroy();
    }

    /** Writes a line to the standard input of the process. */
    void tell(String line) {
        PrintStream in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        in.println(line);
    }

    /** The exit code; a process that does not end in time is killed. @throws IllegalStateException with its last words, if it had to be */
    int await(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            process.waitFor();
            throw new IllegalStateException(name + " did not end within " + patience + "; " + lastWords());
        }
        return process.exitValue();
    }

    String out() throws IOException {
        return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    }

    String err() throws IOException {
        return new String(Files.readAllBytes(err), StandardCharsets.UTF_8);
    }

    /** The end of standard error. */
    String lastWords() throws IOException {
        List<String> lines = err().lines().toList();
        return name + " said:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
    }

    /** Ends the process and all it started. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }
}
