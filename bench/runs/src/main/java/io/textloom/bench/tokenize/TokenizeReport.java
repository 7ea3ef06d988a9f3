package io.textloom.bench.tokenize;

import io.textloom.bench.Json;
import io.textloom.bench.Options;
import io.textloom.bench.Pass;
import io.textloom.bench.RunFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Medians of the figures that {@link TokenizePhases} left, and what the job's rate is beside those of its parts. */
final class TokenizeReport {
    private final Map<String, List<double[]>> seconds = new TreeMap<>();
    private double bytes;
    private double tokens;

    private TokenizeReport() {}

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        TokenizeReport report = new TokenizeReport();
        try (Stream<Path> files = Files.list(options.path("figures"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                report.add(Json.read(file, RunFigures.class));
            }
        }
        report.print();
    }

    private void add(RunFigures run) {
        for (Pass pass : run.passes()) {
            String name = pass.name().equals(TokenizePhases.JOB) ? pass.name() + ", " + run.engine() : pass.name();
            double wall = pass.details().getOrDefault("seconds", pass.wallSeconds());
            double cpu = pass.details().getOrDefault("cpuSeconds", pass.cpuSeconds());
            seconds.computeIfAbsent(name, n -> new ArrayList<>()).add(new double[] {wall, cpu, pass.otherCpuSeconds()});
            bytes = Math.max(bytes, pass.details().getOrDefault("bytes", 0.0));
            tokens = Math.max(tokens, pass.details().getOrDefault("tokens", 0.0));
        }
    }

    private void print() {
        System.out.printf(Locale.ROOT, "%.1f MB of text, %,.0f tokens; medians%n%n", bytes / 1e6, tokens);
        System.out.println("| | wall s | MB/s | CPU s | CPU s of other processes |");
        System.out.println("|---|---|---|---|---|");
        seconds.forEach((name, runs) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.1f | %.2f | %.2f |%n",
                name,
                median(name, 0),
                bytes / 1e6 / median(name, 0),
                median(name, 1),
                median(name, 2)));
        String one = TokenizePhases.JOB + ", local[1]";
        String two = TokenizePhases.JOB + ", local[2]";
        System.out.println();
        for (int column : new int[] {0, 1}) {
            String unit = column == 0 ? "wall" : "CPU";
            double parts = median(TokenizePhases.TOKENIZE, column) + median(TokenizePhases.WRITE, column);
            ratio(
                    unit + ": read + tokenize + write over the job, local[1]",
                    parts + median(TokenizePhases.READ, column),
                    median(one, column));
            ratio(
                    unit + ": intake + tokenize + write over the job, local[1]",
                    parts + median(TokenizePhases.INTAKE, column),
                    median(one, column));
        }
        ratio("wall: one core over two", median(one, 0), median(two, 0));
    }

    private static void ratio(String what, double above, double below) {
        System.out.printf(Locale.ROOT, "%s: %.2f / %.2f = %.2f%n", what, above, below, above / below);
    }

    private double median(String name, int column) {
        double[] sorted = seconds.getOrDefault(name, List.of()).stream()
                .mapToDouble(s -> s[column])
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
