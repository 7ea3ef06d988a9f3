package io.textloom.bench.side;

import io.textloom.bench.Json;
import io.textloom.bench.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts the programs of a run, each in a process of its own, one at a time. */
public final class Programs {
    private final String run;
    private final Options options;
    private final Path work;

    /** @param run the script's name, in front of what is told */
    public Programs(String run, Options options) {
        this.run = run;
        this.options = options;
        this.work = options.path("work");
    }

    /** A program on Textloom's class path. */
    public List<String> textloom(Class<?> program) {
        return java("textloom-args", program.getName());
    }

    public List<String> sparkNlp(String program) {
        return java("spark-nlp-args", "io.textloom.bench.sparknlp." + program);
    }

    /** A program of the module for llama.cpp. */
    public List<String> llama(String program) {
        return java("llama-args", "io.textloom.bench.llama." + program);
    }

    public boolean hasPython() {
        return options.has("python");
    }

    /** @param script option that names the file */
    public List<String> python(String script) {
        return List.of(options.text("python"), options.text(script));
    }

    public static List<String> with(List<String> program, Object... arguments) {
        List<String> command = new ArrayList<>(program);
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    public void run(String label, List<String> command) throws IOException, InterruptedException {
        Path log = work.resolve(label + ".log");
        System.err.println(run + ": " + label);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(label + " ended with " + code + "; its log is " + log);
        }
    }

    /** What a program writes to the file that {@code --figures} names. */
    public <T> T figures(String label, Class<T> type, List<String> command) throws IOException, InterruptedException {
        Path file = work.resolve(label + ".json");
        run(label, with(command, "--figures", file));
        return Json.read(file, type);
    }

    private List<String> java(String argumentFile, String program) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "@" + options.text(argumentFile), program);
    }
}
