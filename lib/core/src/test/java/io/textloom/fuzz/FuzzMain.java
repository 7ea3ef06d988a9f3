package io.textloom.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Starts workers, replaces those that die, and prints one line of figures for each target. Run by scripts/fuzz. */
public final class FuzzMain {
    private static final int MAX_DEATHS = 20;

    private final Path work;
    private final long seed;
    private final long inputs;
    private final double minutes;

    private FuzzMain(Map<String, String> options) {
        work = Path.of(options.getOrDefault("--work", "target/fuzz"));
        seed = Long.parseLong(options.getOrDefault("--seed", "1"));
        inputs = Long.parseLong(options.getOrDefault("--inputs", String.valueOf(Long.MAX_VALUE)));
        minutes = Double.parseDouble(options.getOrDefault("--minutes", "1"));
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        FuzzMain main = new FuzzMain(options);
        List<String> names = options.containsKey("--target")
                ? Arrays.asList(options.get("--target").split(","))
                : FuzzTargets.names();
        System.out.println("| target | inputs | CPU minutes | inputs/s | kinds of outcomes kept | found |");
        System.out.println("|---|---:|---:|---:|---:|---:|");
        int found = 0;
        for (String name : names) {
            found += main.fuzz(FuzzTargets.byName(name));
        }
        System.exit(found == 0 ? 0 : 1);
    }

    private int fuzz(FuzzTarget target) throws IOException, InterruptedException {
        Path directory = work.resolve(target.name());
        Files.createDirectories(directory);
        try (Stream<Path> old = Files.list(directory)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        long done = 0;
        long kinds = 0;
        double seconds = 0;
        for (int deaths = 0; deaths <= MAX_DEATHS && minutes * 60 - seconds >= 1 && done < inputs; deaths++) {
            long started = System.nanoTime();
            int exit = worker(target, directory, seed + 1000L * deaths, inputs - done, (long) (minutes * 60 - seconds));
            if (exit == 0) {
                String[] summary =
                        Files.readString(directory.resolve("summary")).strip().split(" ");
                done += Long.parseLong(summary[0]);
                kinds = Math.max(kinds, Long.parseLong(summary[1]));
                seconds += Double.parseDouble(summary[2]);
                break;
            }
            // its processor time went with it
            seconds += (System.nanoTime() - started) / 1e9;
            ByteBuffer current = FuzzWorker.current(directory);
            byte[] input = new byte[current.getInt(0)];
            current.get(12, input);
            done += current.getLong(4);
            String name = "found-" + FuzzWorker.name(input);
            Files.write(directory.resolve(name), input);
            String why = exit == FuzzWorker.HUNG ? "HANG" : "CRASH: exit " + exit;
            Files.writeString(directory.resolve(name + ".txt"), why + "\n");
            System.err.println(target.name() + " " + name + " " + why);
        }
        int found = found(directory).size();
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.1f | %,.0f | %d | %d |%n",
                target.name(),
                done,
                seconds / 60,
                done / seconds,
                kinds,
                found);
        return found;
    }

    private static int worker(FuzzTarget target, Path directory, long seed, long inputs, long seconds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
        command.addAll(List.of(
                FuzzWorker.class.getName(),
                target.name(),
                directory.toString(),
                String.valueOf(seed),
                String.valueOf(inputs),
                String.valueOf(seconds)));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        // it watches over itself
        return process.waitFor();
    }

    private static List<Path> found(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().matches("found-\\w+"))
                    .toList();
        }
    }
}
