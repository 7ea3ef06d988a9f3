package io.textloom.runtime;

import ai.onnxruntime.OrtEnvironment;
import io.textloom.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens an ONNX file in a process of its own before this one does: native code that reads what a stranger wrote may abort, and it would take the executor and all its tasks
 * with it. The process has limits of memory and time; however it ends, the outcome is a session that can be opened or a {@link ModelException}.
 */
final class OnnxProbe {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxProbe.class);

    private static final long BASE_MEMORY_BYTES = 4L << 30;
    /** The file itself, its weights, a copy that is packed, and one more. */
    private static final int MEMORY_PER_BYTE = 4;

    private static final int LIMIT_SECONDS = 300;
    private static final int SHOWN = 500;

    private OnnxProbe() {}

    /** @throws ModelException if the native runtime cannot open the file, or dies of it */
    static void check(Path onnx) {
        check(onnx, OnnxProbeProcess.class, LIMIT_SECONDS);
    }

    static void check(Path onnx, Class<?> main, int seconds) {
        Path directory = null;
        try {
            // of its own, since the native runtime unpacks itself there and a process that dies does not clean up
            directory = Files.createTempDirectory("textloom-probe");
            Path output = directory.resolve("output.txt");
            Process process = start(onnx, main, directory, output);
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw refused(onnx, "it was not open after " + seconds + " seconds");
            }
            int exit = process.exitValue();
            if (exit != 0) {
                String said =
                        Files.readString(output, StandardCharsets.ISO_8859_1).strip();
                throw refused(
                        onnx,
                        exit == OnnxProbeProcess.REFUSED
                                ? said.substring(0, Math.min(said.length(), SHOWN))
                                : "the native runtime died of it in a process that tried it first (exit code " + exit
                                        + ")");
            }
        } catch (IOException e) {
            throw new ModelException(
                    "Cannot start a process that tries the ONNX file " + onnx + " first: " + e.getMessage() + "; check "
                            + java() + " and the temporary directory",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("Interrupted while a process tried the ONNX file " + onnx, e);
        } finally {
            delete(directory);
        }
    }

    private static ModelException refused(Path onnx, String why) {
        return new ModelException("ONNX Runtime cannot open " + onnx + ": " + why
                + "; export the model again, or choose one with model.safetensors");
    }

    private static Process start(Path onnx, Class<?> main, Path directory, Path output) throws IOException {
        List<String> command = new ArrayList<>();
        boolean limited = Files.isExecutable(Path.of("/bin/sh"));
        if (limited) {
            command.addAll(List.of("/bin/sh", "-c", "ulimit -c 0; ulimit -v \"$0\" || exit 1; exec \"$@\""));
            command.add(Long.toString((BASE_MEMORY_BYTES + MEMORY_PER_BYTE * bytes(onnx)) >> 10));
        }
        command.addAll(List.of(
                java(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:CompressedClassSpaceSize=32m",
                "-XX:TieredStopAtLevel=1",
                // a crash is an outcome here, not something to be looked into
                "-XX:ErrorFile=/dev/null",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + directory,
                main.getName(),
                onnx.toAbsolutePath().toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // by the environment: the native runtime does not bear a long command line
        builder.environment().put("CLASSPATH", classPath(main));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }

    /** The file and all that lies beside it, since its weights may. */
    private static long bytes(Path onnx) throws IOException {
        long bytes = 0;
        try (var files = Files.list(onnx.toAbsolutePath().resolveSibling(""))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where the classes come from, whoever loaded them: under spark-submit they are not on the class path of the process. */
    private static String classPath(Class<?> main) {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> needed : List.of(main, OnnxProbeProcess.class, OrtEnvironment.class)) {
            CodeSource source = needed.getProtectionDomain().getCodeSource();
            try {
                places.add(Path.of(source.getLocation().toURI()).toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("The place of " + needed + " is no path: " + source, e);
            }
        }
        return String.join(java.io.File.pathSeparator, places);
    }

    private static void delete(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot delete {}: {}", directory, e.getMessage());
        }
    }
}
