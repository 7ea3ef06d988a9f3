package io.textloom.bench.embed;

import io.textloom.bench.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts the programs of a run, each in a process of its own, one at a time. */
final class Programs {
    private final Options options;
    private final Path work;

    Programs(Options options) {
        this.options = options;
        this.work = options.path("work");
    }

    /** A program on Textloom's class path. */
    List<String> textloom(Class<?> program) {
        return java("textloom-args", program.getName());
    }

    List<String> sparkNlp(String program) {
        return java("spark-nlp-args", "io.textloom.bench.sparknlp." + program);
    }

    boolean hasSentenceTransformers() {
        return options.has("python");
    }

    List<String> sentenceTransformers() {
        return List.of(options.text("python"), options.text("sentence-transformers-script"));
    }

    static List<String> with(List<String> program, Object... arguments) {
        List<String> command = new ArrayList<>(program);
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    void run(String label, List<String> command) throws IOException, InterruptedException {
        Path log = work.resolve(label + ".log");
        System.err.println("bench-embed: " + label);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(label + " ended with " + code + "; its log is " + log);
        }
    }

    private List<String> java(String argumentFile, String program) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "@" + options.text(argumentFile), program);
    }
}
