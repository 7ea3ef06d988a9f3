package io.textloom.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a run was made.
 *
 * @param cpu model as Linux names it, with family and model number
 * @param memoryGib unit: GiB
 */
public record Machine(String cpu, int cores, long memoryGib, String os) {
    public static Machine here() throws IOException {
        List<String> cpu = Files.readAllLines(Path.of("/proc/cpuinfo"));
        String name = field(cpu, "model name") + " (family " + field(cpu, "cpu family") + ", model "
                + field(cpu, "model") + ")";
        long kib = Long.parseLong(
                field(Files.readAllLines(Path.of("/proc/meminfo")), "MemTotal").replaceAll("\\D", ""));
        return new Machine(
                name,
                Runtime.getRuntime().availableProcessors(),
                Math.round(kib / 1048576.0),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    private static String field(List<String> lines, String name) {
        for (String line : lines) {
            String[] pair = line.split(":", 2);
            if (pair[0].trim().equals(name)) {
                return pair[1].trim();
            }
        }
        return "unknown";
    }
}
