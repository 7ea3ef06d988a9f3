package io.textloom.jobs.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The program that tells Spark which GPUs a machine has, tried here. */
final class DiscoveryScript {
    private static final String SETTING = "spark.executor.resource.gpu.discoveryScript";
    private static final String WHAT = "GPU discovery script";
    private static final String REMEDY =
            "set " + SETTING + " to scripts/discover-gpus, at a path that every executor's machine has";
    private static final Pattern ANSWER =
            Pattern.compile("\\s*\\{\\s*\"name\"\\s*:\\s*\"gpu\"\\s*,\\s*\"addresses\"\\s*:\\s*\\[[^]]*]\\s*}\\s*");
    private static final int PATIENCE_SECONDS = 20;

    private DiscoveryScript() {}

    /** @param path as Spark's property has it; empty if it has none */
    static Finding look(String path, String master) throws InterruptedException {
        if (path.isEmpty()) {
            // a standalone cluster's workers have scripts of their own
            return Finding.unless(
                    master.startsWith("spark://"), WHAT, "none", "one, by which executors find their cards", REMEDY);
        }
        Path script = Path.of(path);
        if (!Files.exists(script)) {
            return Finding.warning(
                    WHAT, path + " is not on this machine", "to try it here", "see that executors have it");
        }
        if (!Files.isExecutable(script)) {
            return Finding.failed(WHAT, path + " may not be executed", "a program", "chmod +x " + path);
        }
        return tried(path);
    }

    private static Finding tried(String path) throws InterruptedException {
        String expected = "{\"name\": \"gpu\", \"addresses\": [\"0\"]}";
        try {
            Process process = new ProcessBuilder(path).redirectErrorStream(true).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Finding.failed(WHAT, "no answer within " + PATIENCE_SECONDS + " s", expected, REMEDY);
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String found = said.lines().findFirst().orElse("nothing");
            if (process.exitValue() != 0) {
                // a driver's machine need not have cards
                return Finding.warning(WHAT, found, expected, "run " + path + " on a machine of the executors");
            }
            return Finding.require(ANSWER.matcher(said).matches(), WHAT, found, expected, REMEDY);
        } catch (IOException e) {
            return Finding.failed(WHAT, Checkup.firstLine(e), expected, REMEDY);
        }
    }
}
